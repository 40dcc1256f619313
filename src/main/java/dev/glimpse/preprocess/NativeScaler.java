package dev.glimpse.preprocess;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.glimpse.config.PixelCode;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.Window;
import dev.glimpse.preprocess.Preprocessing.Resize;
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
  record Place(Size tensor, int left, int top) {

    /** Returns the place so many rows below. */
    Place below(int rows) {
      return new Place(tensor, left, top + rows);
    }
  }

  /**
   * Writes a part of a scaled image.
   *
   * @param window the part; lies inside the scaled image
   * @param tensor begins at its position, which is not changed
   * @return false if the Java code has to do it, as the tensor is on the heap, nothing is to be
   *     weighted, or there is no memory
   */
  boolean write(Pixels image, Resize resize, Window window, ByteBuffer tensor, Place place) {
    Window source = resize.of(image.width(), image.height());
    Size from = new Size(source.width(), source.height());
    Size to = resize.scaled(image.width(), image.height());
    if (!tensor.isDirect() || resize.filter() == Filter.NEAREST || to.equals(from)) {
      return false;
    }
    Scaling scaling = Scaling.of(from, to, resize.filter(), resize.passes(), window);
    return image.stored().samples().isDirect()
        ? write(image.stored(), source, scaling, tensor, place)
        : HeapBands.write(
            image.stored(),
            source,
            scaling.rows(),
            (band, part, rows, row) ->
                write(band, part, scaling.withRows(rows), tensor, place.below(row)));
  }

  /**
   * Writes a part of a scaled image in native memory.
   *
   * @param source the part of it that is scaled
   * @return false if nothing was written
   */
  boolean write(
      Pixels.Stored stored, Window source, Scaling scaling, ByteBuffer tensor, Place place) {
    Weights columns = scaling.columns();
    Weights rows = scaling.rows();
    Channels channels = format.channels();
    long[] job = {
      PixelCodes.instructions(code),
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
