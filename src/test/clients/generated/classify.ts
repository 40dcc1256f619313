// Tells what is in pictures: node classify.js http://localhost:8080 1 daisy.jpg
import { readFile } from "node:fs/promises";
import {
  Configuration,
  PredictApi,
  PredictResponse,
  Problem,
  ProblemFromJSON,
  ResponseError,
  instanceOfProblem,
} from "./typescript";

function showAnswer(answer: PredictResponse) {
  for (const prediction of answer.predictions) {
    console.log(prediction.label, prediction.score.toFixed(2));
  }
}

function showProblem(problem: Problem) {
  console.log(problem.status, problem.type, problem.title);
  console.log(`${problem.detail} (${problem.id})`);
  for (const violation of problem.violations ?? []) {
    console.log(`${violation.field}: ${violation.message}`);
  }
}

async function main(server: string, classes: string, ...files: string[]) {
  const glimpse = new PredictApi(new Configuration({ basePath: server }));
  const topK = Number(classes);
  const pictures = await Promise.all(files.map(async (file) => new Blob([await readFile(file)])));
  try {
    if (pictures.length === 1) {
      showAnswer(await glimpse.predict({ file: pictures[0], topK }));
      return;
    }
    const { results } = await glimpse.predictBatch({ file: pictures, topK });
    for (const result of results) {
      if (instanceOfProblem(result)) {
        showProblem(result);
      } else {
        showAnswer(result);
      }
    }
  } catch (error) {
    if (!(error instanceof ResponseError)) {
      throw error;
    }
    showProblem(ProblemFromJSON(await error.response.json()));
    if (error.response.status === 503) {
      console.log(`again in ${error.response.headers.get("Retry-After")} s`);
    }
  }
}

const [server, classes, ...files] = process.argv.slice(2);
main(server, classes, ...files);
