package dev.glimpse.events;

import java.util.Map;

/**
 * An event of CloudEvents 1.0 whose data is JSON.
 *
 * @param attributes its attributes but {@code datacontenttype}, by name, {@code specversion}
 *     included; none is empty
 * @param data a JSON object
 */
record CloudEvent(Map<String, String> attributes, String data) {

  static final String DATA_TYPE = "application/json";
}
