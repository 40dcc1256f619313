package dev.glimpse.events;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Compares the data of events with docs/prediction.schema.json. */
final class PredictionSchema {

  private PredictionSchema() {}

  /** Returns what is wrong with the data of an event. */
  static Set<ValidationMessage> faults(String data) throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(Files.readString(Path.of("docs/prediction.schema.json")));
    return schema.validate(EventReceiver.JSON.readTree(data));
  }
}
