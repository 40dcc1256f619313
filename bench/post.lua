-- wrk sends this photo, as the body itself or, with BODY=multipart, in a form; MEDIA_TYPE is image/jpeg unless it says otherwise.
local media_type = os.getenv("MEDIA_TYPE") or "image/jpeg"
local photo = io.open(os.getenv("PHOTO"), "rb")
local bytes = photo:read("*a")
photo:close()

wrk.method = "POST"
-- Each line of HEADERS is one more header.
for name, value in (os.getenv("HEADERS") or ""):gmatch("([^:\n]+): ([^\n]+)") do
  wrk.headers[name] = value
end
if os.getenv("BODY") == "multipart" then
  local boundary = "----glimpse-bench-5d1c0b7e"
  wrk.headers["Content-Type"] = "multipart/form-data; boundary=" .. boundary
  wrk.body = "--" .. boundary .. '\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\n'
    .. "Content-Type: " .. media_type .. "\r\n\r\n" .. bytes .. "\r\n--" .. boundary .. "--\r\n"
else
  wrk.headers["Content-Type"] = media_type
  wrk.body = bytes
end

done = function(summary, latency)
  local e = summary.errors
  local seconds = summary.duration / 1e6
  local p50, p99 = latency:percentile(50) / 1000, latency:percentile(99) / 1000
  local lost = e.connect + e.read + e.write + e.timeout
  io.write(string.format("RESULT %.1f %.1f %.1f %d\n", summary.requests / seconds, p50, p99, e.status + lost))
  -- For serving.py: seconds, responses, rejected requests among them, requests without a response.
  io.write(string.format("COUNTS %.6f %d %d %d %.3f %.3f\n", seconds, summary.requests, e.status, lost, p50, p99))
end
