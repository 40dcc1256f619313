package dev.glimpse.api.http;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.Printable;
import dev.glimpse.tracing.TraceContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request's line in the log. Its parts are fields of the line's log context, too: formats such as
 * JSON write them. What the client chose is shortened, and {@linkplain Printable escaped}.
 *
 * @param path without the query; null if it is not known
 * @param code that of a {@link Failure}; null if no failure is known
 * @param model null if it is not known
 * @param bytes of the body
 * @param caller null if it is not known, as where requests need no keys
 * @param trace null if the request has none
 */
record RequestLine(
    String method,
    @Nullable String path,
    int status,
    @Nullable String code,
    @Nullable String model,
    long millis,
    long bytes,
    String id,
    @Nullable String caller,
    @Nullable TraceContext trace) {

  private static final int LONGEST = 200;
  private static final int LONGEST_METHOD = 20;

  RequestLine {
    method = printable(method, LONGEST_METHOD);
    path = path == null ? null : printable(path, LONGEST);
    caller = caller == null ? null : printable(caller, LONGEST);
  }

  private static String printable(String text, int longest) {
    return Printable.of(text.length() <= longest ? text : text.substring(0, longest) + "…");
  }

  /** Returns the line, with a dash for what is not known. */
  String text() {
    return "%s %s %d code=%s model=%s ms=%d bytes=%d id=%s%s%s"
        .formatted(
            method,
            orDash(path),
            status,
            orDash(code),
            orDash(model),
            millis,
            bytes,
            id,
            caller == null ? "" : " caller=" + caller,
            trace == null ? "" : " trace=" + trace);
  }

  private static String orDash(@Nullable String part) {
    return part == null ? "-" : part;
  }

  /** Returns what is known, by the names of fields. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("method", method);
    putIfKnown(fields, "path", path);
    fields.put("status", status);
    putIfKnown(fields, "code", code);
    putIfKnown(fields, "model", model);
    fields.put("ms", millis);
    fields.put("bytes", bytes);
    fields.put(RequestId.LOG_KEY, id);
    putIfKnown(fields, "caller", caller);
    if (trace != null) {
      fields.putAll(trace.logFields());
    }
    return fields;
  }

  private static void putIfKnown(Map<String, Object> fields, String name, @Nullable String value) {
    if (value != null) {
      fields.put(name, value);
    }
  }
}
