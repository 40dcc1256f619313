package dev.glimpse.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Writes a report for programs. */
public final class JsonReport {

  private JsonReport() {}

  /** Returns the report. */
  public static ObjectNode of(EvaluationReport report) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("dataset", report.dataset());
    report.verdict().ifPresent(verdict -> root.put("verdict", verdict));
    report
        .comparison()
        .ifPresent(
            compared -> put(root.putObject("comparison"), compared, report.hasLogLossOfBoth()));
    put(root.putObject("evaluation"), report.evaluation());
    report.against().ifPresent(other -> put(root.putObject("against"), other));
    return root;
  }

  private static void put(ObjectNode node, Comparison compared, boolean logLoss) {
    node.put("images", compared.images())
        .put("both_right", compared.both())
        .put("only_first_right", compared.onlyFirst())
        .put("only_second_right", compared.onlySecond())
        .put("top_1_difference", compared.top1());
    put(node, "top_1_difference_interval", compared.top1Interval());
    if (logLoss) {
      node.put("log_loss_difference", compared.logLoss());
      put(node, "log_loss_difference_interval", compared.logLossInterval());
    }
    node.put("mcnemar_p", compared.mcNemar()).put("significant", compared.significant());
  }

  private static void put(ObjectNode node, String name, Interval interval) {
    node.putArray(name).add(interval.from()).add(interval.to());
  }

  private static void put(ObjectNode node, Evaluation evaluation) {
    node.put("model", evaluation.model())
        .put("version", Integer.toString(evaluation.version()))
        .put("images", evaluation.images())
        .put("top_1", evaluation.top1());
    put(node, "top_1_interval", evaluation.top1Interval());
    if (evaluation.hasTop5()) {
      node.put("top_5", evaluation.top5());
    }
    node.put("milliseconds", evaluation.meanMillis());
    List<ClassScore> scores = evaluation.classScores();
    put(node.putObject("macro"), Averages.macro(scores));
    put(node.putObject("weighted"), Averages.weighted(scores));
    ArrayNode classes = node.putArray("classes");
    for (ClassScore score : scores) {
      classes
          .addObject()
          .put("index", score.index())
          .put("label", evaluation.labels().get(score.index()))
          .put("support", score.support())
          .put("predicted", score.predicted())
          .put("precision", score.precision())
          .put("recall", score.recall())
          .put("f1", score.f1());
    }
    ArrayNode confusions = node.putArray("confusion");
    for (Evaluation.Confusion cell : evaluation.confusions()) {
      confusions
          .addObject()
          .put("actual", cell.actual())
          .put("predicted", cell.predicted())
          .put("images", cell.images());
    }
    put(node.putObject("calibration"), evaluation.calibration(), evaluation);
    put(node.putArray("worst"), evaluation.worst(EvaluationReport.NAMED), evaluation);
    put(node.putArray("slowest"), evaluation.slowest(EvaluationReport.NAMED), evaluation);
    ArrayNode failures = node.putArray("failures");
    for (Evaluation.Failed one : evaluation.failures()) {
      failures.addObject().put("file", one.file()).put("detail", one.detail());
    }
  }

  private static void put(ObjectNode node, Averages means) {
    node.put("precision", means.precision()).put("recall", means.recall()).put("f1", means.f1());
  }

  private static void put(ObjectNode node, Calibration calibration, Evaluation evaluation) {
    node.put("ece", calibration.expectedError()).put("largest_error", calibration.maximumError());
    if (evaluation.isDistribution()) {
      node.put("brier", calibration.brier()).put("log_loss", calibration.logLoss());
    }
    node.put("bins", evaluation.bins());
    ArrayNode curve = node.putArray("curve");
    for (Calibration.Bin bin : calibration.bins()) {
      curve
          .addObject()
          .put("from", bin.from())
          .put("to", bin.to())
          .put("images", bin.images())
          .put("score", bin.score())
          .put("accuracy", bin.accuracy());
    }
  }

  private static void put(ArrayNode list, List<Judgement> images, Evaluation evaluation) {
    for (Judgement one : images) {
      list.addObject()
          .put("file", one.file())
          .put("actual", evaluation.labels().get(one.actual()))
          .put("predicted", evaluation.labels().get(one.predicted()))
          .put("score", one.score())
          .put("probability", one.probability())
          .put("rank", one.rank())
          .put("milliseconds", one.nanos() / 1e6);
    }
  }
}
