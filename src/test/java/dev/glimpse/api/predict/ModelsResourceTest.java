package dev.glimpse.api.predict;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.api.predict.ModelsResource.ModelDescription;
import dev.glimpse.api.predict.ModelsResource.ModelList;
import dev.glimpse.api.predict.ModelsResource.Version;
import dev.glimpse.api.problem.Problem;
import dev.glimpse.support.ColorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ColorModels.class)
class ModelsResourceTest {

  @Test
  void everyModelIsListed() {
    List<ModelDescription> models =
        given().get("/models").then().statusCode(200).extract().as(ModelList.class).models();

    assertThat(models)
        .extracting(ModelDescription::name)
        .isSorted()
        .contains("colors", "colors-softmax", "unversioned");
    assertThat(models)
        .filteredOn(ModelDescription::isDefault)
        .extracting(ModelDescription::name)
        .containsExactly("colors");
  }

  @Test
  void aModelIsDescribed() {
    ModelDescription model =
        given().get("/models/colors").then().statusCode(200).extract().as(ModelDescription.class);

    assertThat(model.versions()).extracting(Version::version).containsExactly("1", "2");
    assertThat(model.versions().get(0))
        .isEqualTo(
            new Version(
                "1", 6, List.of("en", "zh"), "pixel_values float[?,3,32,32]", "logits float[?,6]"));
  }

  @Test
  void aModelThatIsNotThereIsAProblem() {
    Problem problem =
        given()
            .get("/models/nothing")
            .then()
            .statusCode(404)
            .contentType(Problem.MEDIA_TYPE)
            .extract()
            .as(Problem.class);

    assertThat(problem.title()).isEqualTo("Unknown model");
    assertThat(problem.detail()).contains("nothing", "colors-softmax");
  }
}
