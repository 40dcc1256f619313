import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.PredictApi;
import org.openapitools.client.api.PredictApi.APIPredictBatchRequest;
import org.openapitools.client.api.PredictApi.APIPredictRequest;
import org.openapitools.client.model.PredictResponse;
import org.openapitools.client.model.Prediction;
import org.openapitools.client.model.Problem;
import org.openapitools.client.model.Result;
import org.openapitools.client.model.Violation;

/** Tells what is in pictures: java Classify http://localhost:8080 1 daisy.jpg */
public final class Classify {

  private static final ObjectMapper JSON = ApiClient.createDefaultObjectMapper();

  public static void main(String[] args) throws Exception {
    int classes = Integer.parseInt(args[1]);
    List<File> pictures = Stream.of(args).skip(2).map(File::new).toList();
    try {
      if (pictures.size() == 1) {
        show(one(args[0], pictures.get(0), classes));
        return;
      }
      for (Result result : several(args[0], pictures, classes)) {
        if (result.getActualInstance() instanceof Problem) {
          show(result.getProblem());
        } else {
          show(result.getPredictResponse());
        }
      }
    } catch (ApiException e) {
      show(JSON.readValue(e.getResponseBody(), Problem.class));
      if (e.getCode() == 503) {
        String seconds = e.getResponseHeaders().firstValue("Retry-After").orElseThrow();
        System.out.println("again in " + seconds + " s");
      }
    }
  }

  private static PredictResponse one(String server, File picture, int classes)
      throws ApiException {
    ApiClient client = new ApiClient();
    client.updateBaseUri(server);
    return new PredictApi(client)
        .predict(APIPredictRequest.newBuilder()._file(picture).topK(classes).build());
  }

  private static List<Result> several(String server, List<File> pictures, int classes)
      throws ApiException {
    ApiClient client = new ApiClient();
    client.updateBaseUri(server);
    // Jackson tells answers from problems by the fields that do not belong to them.
    client.setObjectMapper(
        ApiClient.createDefaultObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES));
    return new PredictApi(client)
        .predictBatch(APIPredictBatchRequest.newBuilder()._file(pictures).topK(classes).build())
        .getResults();
  }

  private static void show(PredictResponse answer) {
    for (Prediction prediction : answer.getPredictions()) {
      float score = prediction.getScore();
      System.out.printf(Locale.ROOT, "%s %.2f%n", prediction.getLabel(), score);
    }
  }

  private static void show(Problem problem) {
    int status = problem.getStatus();
    System.out.printf("%d %s %s%n", status, problem.getType(), problem.getTitle());
    System.out.printf("%s (%s)%n", problem.getDetail(), problem.getId());
    if (problem.getViolations() != null) {
      for (Violation violation : problem.getViolations()) {
        System.out.printf("%s: %s%n", violation.getField(), violation.getMessage());
      }
    }
  }
}
