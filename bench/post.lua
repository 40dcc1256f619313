-- wrk sends this photo, as the body itself.
local photo = io.open(os.getenv("PHOTO"), "rb")
wrk.method = "POST"
wrk.body = photo:read("*a")
wrk.headers["Content-Type"] = "image/jpeg"
photo:close()

done = function(summary, latency)
  local errors = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("RESULT %.1f %.1f %.1f %d\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, errors))
end
