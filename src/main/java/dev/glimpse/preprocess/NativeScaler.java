package dev.glimpse.preprocess;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.glimpse.image.Pixels;
import dev.glimpse.preprocess.Preprocessing.Size;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Scales images into tensors of one model with the library in C. Immutable; any thread may call it.
 */
final class NativeScaler {

  private final PixelCode code;
  private final TensorFormat format;
  private final ByteBuffer table;

  /**
   * Copies the table into native memory.
   *
   * @param code not {@link PixelCode#JAVA}
   * @param format its type {@linkplain ElementType#holds holds} the values
   * @param values the element of each sample: 256 for each channel
   */
  NativeScaler(PixelCode code, TensorFormat format, float[] values) {
    this.code = code;
    this.format = format;
    this.table = ByteBuffer.allocateDirect(values.length * format.type().bytes());
    table.order(ByteOrder.nativeOrder());
    for (float value : values) {
      format.type().put(value, table);
    }
  }

  /**
   * Says where an image lies in a tensor.
   *
   * @param tensor size of the tensor
   * @param left first column of the image in it
   * @param top first row
   */
  record Place(Size tensor, int left, int top) {}

  /**
   * Writes a part of a scaled image.
   *
   * @param stored the image
   * @param source the part of it that is scaled
   * @param tensor begins at its position, which is not changed
   * @return false if nothing was written, as the tensor is on the heap or there is no memory; then
   *     the Java code has to do it
   */
  boolean write(
      Pixels.Stored stored, Window source, Scaling scaling, ByteBuffer tensor, Place place) {
    if (!tensor.isDirect()) {
      return false;
    }
    Weights columns = scaling.columns();
    Weights rows = scaling.rows();
    Channels channels = format.channels();
    long[] job = {
      code.instructions(),
      stored.samples().limit(),
      stored.origin() + (long) source.x() * stored.stepX() + (long) source.y() * stored.stepY(),
      stored.stepX(),
      stored.stepY(),
      source.width(),
      source.height(),
      channels == Channels.GREY ? 1 : 0,
      columns.first.length,
      columns.stride,
      rows.first.length,
      rows.stride,
      scaling.columnsFirst() ? 1 : 0,
      tensor.remaining(),
      place.tensor().width(),
      place.tensor().height(),
      place.left(),
      place.top(),
      format.layout() == Layout.NHWC ? 1 : 0,
      format.type().bytes(),
      channels.count(),
      channels.shift(0),
      channels.count() > 1 ? channels.shift(1) : 0,
      channels.count() > 2 ? channels.shift(2) : 0
    };
    int result =
        PixelLibrary.glimpse_pixels_write(
            job,
            Native.getDirectBufferPointer(stored.samples()),
            columns.first,
            columns.count,
            columns.fixed,
            rows.first,
            rows.count,
            rows.fixed,
            Native.getDirectBufferPointer(table),
            pointer(tensor));
    return result == 0;
  }

  private static Pointer pointer(ByteBuffer buffer) {
    return Native.getDirectBufferPointer(buffer).share(buffer.position());
  }
}
