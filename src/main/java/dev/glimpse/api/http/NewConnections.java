package dev.glimpse.api.http;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/**
 * Turns new connections away from a port that is about to close, while those that have been made
 * wait in it. The kernel resets what waits in a port when that is closed, and between the last
 * connection that is accepted and the end of the port there is always time for another. So the
 * kernel is told first, by a filter on the socket (SO_ATTACH_FILTER, see <a
 * href="https://man7.org/linux/man-pages/man7/socket.7.html">socket(7)</a>), to drop the segments
 * that begin a connection. A client repeats such a segment after a second, and finds the port
 * closed.
 */
final class NewConnections {

  private static final Logger LOG = Logger.getLogger(NewConnections.class);

  private static final Path OWN_FILES = Path.of("/proc/self/fd");

  // Linux's numbers, on every 64-bit processor but MIPS, SPARC and PA-RISC.
  private static final int SOL_SOCKET = 1;
  private static final int SO_ATTACH_FILTER = 26;
  private static final int SO_ACCEPTCONN = 30;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  private static final int ADDRESS_BYTES = 128;
  private static final int PORT_AT = 2;

  /**
   * Instructions of the classic BPF, one a line: code, jump if true, jump if false, operand. Drops
   * what has the flag SYN in byte 13 of its TCP header, and lets all else pass whole.
   */
  private static final int[][] DROP_SYN = {
    {0x30, 0, 0, 13}, // load that byte
    {0x45, 0, 1, 0x02}, // go on if the flag is set, else skip one
    {0x06, 0, 0, 0}, // keep no byte
    {0x06, 0, 0, -1}, // keep all
  };

  private static final int INSTRUCTION_BYTES = 8;

  private NewConnections() {}

  /**
   * Turns new connections away from a TCP port of this process, until it is closed.
   *
   * @return whether that is so; false where the system is not Linux, or is one that has no filters
   */
  static boolean turnAway(int port) {
    boolean filtered = false;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(OWN_FILES)) {
      for (Path file : files) {
        int descriptor = Integer.parseInt(file.getFileName().toString());
        if (accepts(descriptor) && port == portOf(descriptor)) {
          filtered |= dropHandshakes(descriptor);
        }
      }
    } catch (IOException | DirectoryIteratorException | LinkageError e) {
      LOG.debugf(e, "New connections to port %d are not turned away before it closes", port);
    }
    return filtered;
  }

  private static boolean accepts(int descriptor) {
    try (Memory value = integer(0);
        Memory length = integer(Integer.BYTES)) {
      return call("getsockopt", descriptor, SOL_SOCKET, SO_ACCEPTCONN, value, length) == 0
          && value.getInt(0) != 0;
    }
  }

  /** Returns the TCP port of a socket, or 0 if it has none. */
  private static int portOf(int descriptor) {
    try (Memory address = new Memory(ADDRESS_BYTES);
        Memory length = integer(ADDRESS_BYTES)) {
      if (call("getsockname", descriptor, address, length) != 0) {
        return 0;
      }
      int family = address.getShort(0);
      return family == AF_INET || family == AF_INET6
          ? Byte.toUnsignedInt(address.getByte(PORT_AT)) << Byte.SIZE
              | Byte.toUnsignedInt(address.getByte(PORT_AT + 1))
          : 0;
    }
  }

  private static boolean dropHandshakes(int descriptor) {
    try (Memory instructions = new Memory((long) DROP_SYN.length * INSTRUCTION_BYTES);
        Memory program = new Memory(2L * Native.POINTER_SIZE)) {
      for (int i = 0; i < DROP_SYN.length; i++) {
        write(DROP_SYN[i], instructions, (long) i * INSTRUCTION_BYTES);
      }
      program.clear();
      program.setShort(0, (short) DROP_SYN.length);
      program.setPointer(Native.POINTER_SIZE, instructions);
      int bytes = Math.toIntExact(program.size());
      return call("setsockopt", descriptor, SOL_SOCKET, SO_ATTACH_FILTER, program, bytes) == 0;
    }
  }

  private static void write(int[] instruction, Memory to, long at) {
    to.setShort(at, (short) instruction[0]);
    to.setByte(at + 2, (byte) instruction[1]);
    to.setByte(at + 3, (byte) instruction[2]);
    to.setInt(at + 4, instruction[3]);
  }

  /** Returns a number that a function may change. JNA's own class for it needs reflection. */
  private static Memory integer(int value) {
    Memory number = new Memory(Integer.BYTES);
    number.setInt(0, value);
    return number;
  }

  /** Calls a function of the C library. */
  private static int call(String name, Object... arguments) {
    Function function = NativeLibrary.getProcess().getFunction(name);
    return function.invokeInt(arguments);
  }
}
