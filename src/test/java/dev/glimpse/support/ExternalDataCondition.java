package dev.glimpse.support;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides for {@link EnabledIfExternalData}, before the rows of a test are created. */
final class ExternalDataCondition implements ExecutionCondition {

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getElement(), EnabledIfExternalData.class)
        .flatMap(needed ->
            Stream.of(needed.value()).filter(path -> !Fixtures.hasAsset(path)).findFirst())
        .map(missing -> ConditionEvaluationResult.disabled("external test data: no " + missing))
        .orElseGet(() -> ConditionEvaluationResult.enabled("no external test data is missing"));
  }
}
