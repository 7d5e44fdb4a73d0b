// The same program by Pulumi's Automation API, without a language host: preview, up, drift, refresh or destroy.
package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

const (
	project   = "openai-certificates-go"
	stackName = "test"
)

func automate(operation string) error {
	ctx := context.Background()
	stack, err := auto.UpsertStackInlineSource(ctx, stackName, project, program, auto.WorkDir("."))
	if err != nil {
		return err
	}
	switch operation {
	case "preview":
		_, err = stack.Preview(ctx, optpreview.ProgressStreams(os.Stdout))
	case "up":
		_, err = stack.Up(ctx, optup.ProgressStreams(os.Stdout))
	case "drift":
		_, err = stack.Preview(ctx, optpreview.ProgressStreams(os.Stdout), optpreview.Refresh(), optpreview.ExpectNoChanges())
	case "refresh":
		_, err = stack.Refresh(ctx, optrefresh.ProgressStreams(os.Stdout))
	case "destroy":
		_, err = stack.Destroy(ctx, optdestroy.ProgressStreams(os.Stdout))
	default:
		err = fmt.Errorf("there is no operation %q: preview, up, drift, refresh or destroy", operation)
	}
	return err
}

var pulumiExitCode = regexp.MustCompile(`(?m)^code: (\d+)$`)

// Pulumi's own exit code, so that a pipeline can tell drift (7) from a failure. The SDK has it in the error's text only.
func exitCode(err error) int {
	if match := pulumiExitCode.FindStringSubmatch(err.Error()); match != nil {
		if code, err := strconv.Atoi(match[1]); err == nil {
			return code
		}
	}
	return 1
}
