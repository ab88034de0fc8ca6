// Loads a compose file as Docker's own command does: schema, interpolation, and whether what is named is there. Prints the project as JSON.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/dotenv"
)

// The library leaves this format to whoever uses it; Docker's command registers it as `docker run --env-file` reads it.
func raw(r io.Reader, _ string, vars map[string]string, _ func(string) (string, bool)) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		name, value, found := strings.Cut(lines.Text(), "=")
		if found && !strings.HasPrefix(strings.TrimSpace(name), "#") {
			vars[name] = value
		}
	}
	return lines.Err()
}

func main() {
	dotenv.RegisterFormat("raw", raw)
	options, err := cli.NewProjectOptions(os.Args[1:], cli.WithOsEnv, cli.WithDotEnv, cli.WithInterpolation(true), cli.WithResolvedPaths(true), cli.WithNormalization(true), cli.WithConsistency(true))
	if err != nil {
		fail(err)
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		fail(err)
	}
	text, err := project.MarshalJSON()
	if err != nil {
		fail(err)
	}
	fmt.Println(string(text))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
