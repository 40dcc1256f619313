// Docker's buildx as a program of its own. Its module has exclusions, so that "go install" does not take it.
package main

import (
	"fmt"
	"os"

	"github.com/docker/buildx/commands"
	_ "github.com/docker/buildx/driver/docker"
	"github.com/docker/cli/cli/command"
)

func main() {
	docker, err := command.NewDockerCli()
	if err == nil {
		err = commands.NewRootCmd("buildx", false, docker).Execute()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
