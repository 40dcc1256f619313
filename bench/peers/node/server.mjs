// Fastify, sharp and ONNX Runtime. WORKERS processes share the port; libuv's threads (UV_THREADPOOL_SIZE) decode and
// infer. sharp decodes large JPEGs at a share of their size by itself whenever it resizes.
import cluster from 'node:cluster'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Fastify from 'fastify'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import sharp from 'sharp'

const workers = Number(process.env.WORKERS ?? 1)

if (cluster.isPrimary && workers > 1) {
  for (let i = 0; i < workers; i++) cluster.fork()
  process.on('SIGTERM', () => process.exit(0))
} else {
  await serve(process.env.MODEL)
}

async function serve (folder) {
  const read = async name => JSON.parse(await readFile(join(folder, name)))
  const recipe = await read('preprocessor_config.json')
  const labels = (await read('config.json')).id2label
  const kernel = { 2: 'linear', 3: 'cubic', 1: 'lanczos3' }[recipe.resample]
  const edge = recipe.size.shortest_edge
  const { width, height } = recipe.crop_size
  const factor = recipe.image_std.map(deviation => recipe.rescale_factor / deviation)
  const offset = recipe.image_mean.map((mean, c) => -mean / recipe.image_std[c])
  // One thread per image: images run in parallel.
  sharp.concurrency(1)
  sharp.cache(false)
  const session = await InferenceSession.create(join(folder, 'model.onnx'), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } }
  })

  async function tensor (bytes) {
    // One pass: the cover of width × height at the size that the shorter side's edge gives, cut from the middle.
    const image = sharp(bytes)
    const { width: w, height: h } = await image.metadata()
    const shorter = Math.min(w, h)
    const scaled = { width: Math.floor(edge * w / shorter), height: Math.floor(edge * h / shorter) }
    const pixels = await image
      .resize({ ...scaled, fit: 'fill', kernel })
      .extract({
        left: Math.floor((scaled.width - width) / 2), top: Math.floor((scaled.height - height) / 2), width, height
      })
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer()
    const plane = width * height
    const values = new Float32Array(3 * plane)
    for (let c = 0; c < 3; c++) {
      const f = factor[c]
      const o = offset[c]
      for (let i = 0, from = c, to = c * plane; i < plane; i++, from += 3, to++) values[to] = pixels[from] * f + o
    }
    return new Tensor('float32', values, [1, 3, height, width])
  }

  function answer (output) {
    let scores = Array.from(output)
    const sum = scores.reduce((a, b) => a + b, 0)
    if (Math.min(...scores) < 0 || Math.abs(sum - 1) > 1e-3) {
      const most = Math.max(...scores)
      const powers = scores.map(score => Math.exp(score - most))
      const total = powers.reduce((a, b) => a + b, 0)
      scores = powers.map(power => power / total)
    }
    const best = [...scores.keys()].sort((a, b) => scores[b] - scores[a]).slice(0, 5)
    return { predictions: best.map(index => ({ label: labels[index], score: scores[index], index })) }
  }

  const app = Fastify({ bodyLimit: 64 << 20 })
  app.addContentTypeParser(/^image\//, { parseAs: 'buffer' }, (request, body, done) => done(null, body))
  app.post('/predict', async request => {
    const outputs = await session.run({ [session.inputNames[0]]: await tensor(request.body) })
    return answer(outputs[session.outputNames[0]].data)
  })
  await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
}
