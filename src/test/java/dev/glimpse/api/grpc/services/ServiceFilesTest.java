package dev.glimpse.api.grpc.services;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.metrics.HttpTags;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The descriptions of the services; clients.reflection.py reads them with protobuf's own library.
 */
class ServiceFilesTest {

  private final ServiceFiles files = new ServiceFiles();

  private ProtoFields file(String symbol) {
    return ProtoFields.of(files.declaring(symbol).orElseThrow());
  }

  private Map<String, ProtoFields> messages(String symbol) {
    return file(symbol).messages(4).stream()
        .collect(Collectors.toMap(message -> message.text(1), Function.identity()));
  }

  private static Map<String, ProtoFields> fields(ProtoFields message) {
    return message.messages(2).stream()
        .collect(Collectors.toMap(field -> field.text(1), Function.identity()));
  }

  /** GrpcReflectionTest calls each of them. */
  @Test
  void everyMethodIsDescribed() {
    Set<String> described = new TreeSet<>();
    for (String service : files.services()) {
      file(service).messages(6).get(0).messages(2).stream()
          .map(method -> "/" + service + "/" + method.text(1))
          .forEach(described::add);
    }
    assertThat(described).hasSize(16).allMatch(HttpTags::isKnown);
  }

  @Test
  void filesAreFoundByNameAndByWhatTheyDeclare() {
    byte[] inference = files.named("inference.proto").orElseThrow();
    for (String symbol :
        List.of(
            "inference.GRPCInferenceService",
            "inference.GRPCInferenceService.ModelInfer",
            "inference.ModelInferRequest.InferInputTensor",
            "inference.ModelInferRequest.InferInputTensor.ParametersEntry",
            "inference.DataType")) {
      assertThat(files.declaring(symbol)).as(symbol).hasValue(inference);
    }
    assertThat(files.declaring("inference.Other")).isEmpty();
    assertThat(files.named("other.proto")).isEmpty();
    ProtoFields v1alpha = file("grpc.reflection.v1alpha.ServerReflection");
    assertThat(v1alpha.text(2)).isEqualTo("grpc.reflection.v1alpha");
    assertThat(v1alpha.text(12)).isEqualTo("proto3");
  }

  @Test
  void fieldsHaveTheirTypes() {
    ProtoFields request = messages("inference.ModelInferRequest").get("ModelInferRequest");
    Map<String, ProtoFields> fields = fields(request);
    assertThat(fields.get("id").number(3)).isEqualTo(3);
    assertThat(fields.get("id").number(5)).as("a string").isEqualTo(9);
    assertThat(fields.get("raw_input_contents").number(4)).as("repeated").isEqualTo(3);
    assertThat(fields.get("inputs").text(6))
        .isEqualTo(".inference.ModelInferRequest.InferInputTensor");
    assertThat(fields.get("parameters").text(6))
        .isEqualTo(".inference.ModelInferRequest.ParametersEntry");
    ProtoFields entry =
        request.messages(3).stream()
            .filter(nested -> nested.text(1).equals("ParametersEntry"))
            .findFirst()
            .orElseThrow();
    assertThat(entry.messages(7).get(0).number(7)).as("a map").isEqualTo(1);
    assertThat(fields(entry).get("value").text(6)).isEqualTo(".inference.InferParameter");

    ProtoFields input = messages("inference.ModelInput").get("ModelInput");
    assertThat(fields(input).get("data_type").number(5)).as("an enum").isEqualTo(14);
    assertThat(fields(input).get("format").text(6)).isEqualTo(".inference.ModelInput.Format");
    ProtoFields invalid = file("inference.DataType").messages(5).get(0).messages(2).get(0);
    assertThat(invalid.text(1)).isEqualTo("TYPE_INVALID");
    assertThat(invalid.all(2)).as("Go's clients need the number, even 0").containsExactly(0L);
    ProtoFields parameter = messages("inference.InferParameter").get("InferParameter");
    assertThat(parameter.messages(8).get(0).text(1)).isEqualTo("parameter_choice");
    assertThat(fields(parameter).get("bool_param").all(9)).containsExactly(0L);
  }

  /** Its package is that of the types that failures name. */
  @Test
  void theDetailsOfFailuresAreDescribedWithWhatTheyImport() {
    ProtoFields details = file("google.rpc.ErrorInfo");
    for (String imported : details.texts(3)) {
      assertThat(files.named(imported)).as(imported).isPresent();
    }
    ProtoFields retry = messages("google.rpc.RetryInfo").get("RetryInfo");
    assertThat(fields(retry).get("retry_delay").text(6)).isEqualTo(".google.protobuf.Duration");
    assertThat(files.declaring("google.protobuf.Duration")).isPresent();
    assertThat(details.all(9)).as("comments and places").isEmpty();
  }
}
