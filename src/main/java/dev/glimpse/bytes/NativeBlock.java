package dev.glimpse.bytes;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * Holds a piece of native memory with arbitrary content, to be used by one thread at a time. One
 * that is never freed is freed some time after it has become unreachable.
 */
public final class NativeBlock {

  private final Memory memory;
  private final ByteBuffer bytes;

  /**
   * Allocates memory.
   *
   * @param size in bytes, 1 or more
   * @throws OutOfMemoryError if the system has no more memory
   */
  public NativeBlock(long size) {
    this.memory = new Memory(size);
    this.bytes = memory.getByteBuffer(0, size);
  }

  /** Returns its size in bytes. */
  public long size() {
    return memory.size();
  }

  /** Returns its address, for native code. */
  public Pointer pointer() {
    return memory;
  }

  /** Returns its first {@code length} bytes, for Java. */
  public ByteBuffer bytes(int length) {
    return bytes.duplicate().clear().limit(length);
  }

  /** Frees the memory, which must not be used any more. */
  public void free() {
    memory.close();
  }
}
