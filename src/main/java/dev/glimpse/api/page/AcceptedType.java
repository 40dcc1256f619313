package dev.glimpse.api.page;

import dev.glimpse.api.http.AcceptHeader;
import org.jspecify.annotations.Nullable;

/** Tells browsers, which ask for HTML by name, from other clients. */
final class AcceptedType {

  private AcceptedType() {}

  /** Returns whether an {@code Accept} header names {@code text/html}, and JSON no more than it. */
  static boolean isHtml(@Nullable String value) {
    AcceptHeader accept = AcceptHeader.of(value);
    double html = Math.max(accept.named("text/html"), accept.named("application/xhtml+xml"));
    return html > 0 && html >= accept.named("application/json");
  }
}
