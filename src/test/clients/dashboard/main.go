// Reads a dashboard from the standard input by Grafana's own schema, as its SDK has it, and prints what is unknown, missing, or
// of another type.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

func main() {
	plugins.RegisterDefaultPlugins()
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(input, &fields); err != nil {
		log.Fatal(err)
	}
	// Part of the form in which dashboards are exported, and not of the schema.
	delete(fields, "__inputs")
	delete(fields, "__requires")
	model, err := json.Marshal(fields)
	if err != nil {
		log.Fatal(err)
	}
	var read dashboard.Dashboard
	if err := read.UnmarshalJSONStrict(model); err != nil {
		fmt.Println(err)
	} else if err := read.Validate(); err != nil {
		fmt.Println(err)
	}
}
