package dev.glimpse.image;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.glimpse.image.codecs.ImageCodecs;
import org.junit.jupiter.api.Test;

/** Keeps every image format independent of the others, and unknown to the shared classes. */
class ImagePackagesTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.glimpse");

  @Test
  void noFormatKnowsAnother() {
    slices()
        .matching("dev.glimpse.image.(*)")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(equivalentTo(ImageCodecs.class), alwaysTrue())
        .check(CLASSES);
  }

  @Test
  void theSharedClassesKnowNoFormat() {
    noClasses()
        .that()
        .resideInAPackage("dev.glimpse.image")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.glimpse.image.*")
        .check(CLASSES);
  }

  /** Others use {@link ImageDecoder} and the list of codecs. */
  @Test
  void onlyTheListOfCodecsKnowsFormats() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.glimpse.image..")
        .should()
        .dependOnClassesThat(
            describe(
                "belong to an image format",
                type ->
                    type.getPackageName().startsWith("dev.glimpse.image.")
                        && !type.isEquivalentTo(ImageCodecs.class)))
        .check(CLASSES);
  }

  @Test
  void aFormatShowsItsCodecOnly() {
    classes()
        .that()
        .resideInAPackage("dev.glimpse.image.*")
        .and()
        .arePublic()
        .and()
        .areTopLevelClasses()
        .should()
        .haveSimpleNameEndingWith("Codec")
        .orShould()
        .be(ImageCodecs.class)
        .check(CLASSES);
  }
}
