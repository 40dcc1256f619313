// Runs Promtail's own stages: reads lines from standard input, and writes an object of JSON for each of them.
//
//	promtail STAGES.yaml
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"
	"time"

	kitlog "github.com/go-kit/log"
	"github.com/grafana/loki/v3/clients/pkg/logentry/stages"
	"github.com/grafana/loki/v3/clients/pkg/promtail/api"
	"github.com/grafana/loki/v3/pkg/logproto"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/model"
	"gopkg.in/yaml.v2"
)

type config struct {
	Stages stages.PipelineStages `yaml:"pipeline_stages"`
}

type entry struct {
	Labels    model.LabelSet         `json:"labels"`
	Time      time.Time              `json:"time"`
	Line      string                 `json:"line"`
	Extracted map[string]interface{} `json:"extracted"`
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	require(err)
	var read config
	require(yaml.UnmarshalStrict(text, &read))
	pipeline, err := stages.NewPipeline(kitlog.NewLogfmtLogger(os.Stderr), read.Stages, nil, prometheus.NewRegistry())
	require(err)

	lines := make(chan stages.Entry)
	go func() {
		input := bufio.NewScanner(os.Stdin)
		input.Buffer(nil, 1<<20)
		for input.Scan() {
			lines <- stages.Entry{
				Extracted: map[string]interface{}{},
				Entry:     api.Entry{Labels: model.LabelSet{}, Entry: logproto.Entry{Line: input.Text()}},
			}
		}
		require(input.Err())
		close(lines)
	}()
	output := json.NewEncoder(os.Stdout)
	for line := range pipeline.Run(lines) {
		require(output.Encode(entry{line.Labels, line.Timestamp, line.Line, line.Extracted}))
	}
}

func require(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
