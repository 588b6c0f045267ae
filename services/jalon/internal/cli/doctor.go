package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"jalon.dev/pkg/mongolocal/install"
	"jalon.dev/pkg/service"
	"jalon.dev/services/jalon/internal/standalone"
)

// enoughSpace is the free disk space below which a data folder is in danger: the engine ends when its journal cannot grow.
const enoughSpace = 1 << 30

// finding is what the doctor says of one thing.
type finding struct {
	what    string
	verdict string
	err     error
}

func doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Check this machine and the server, and say what to do about what is wrong",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := standalone.LoadSettings()
			if err != nil {
				return err
			}
			return report(cmd.OutOrStdout(), examine(cmd.Context(), settings))
		},
	}
}

func examine(ctx context.Context, settings standalone.Settings) []finding {
	found := []finding{examineEngine(settings), examineFolder(settings), examineSpace(settings), examineMail(settings)}
	return append(found, examineServer(ctx, settings)...)
}

func report(out io.Writer, findings []finding) error {
	wrong := 0
	for _, f := range findings {
		if f.err != nil {
			wrong++
			fmt.Fprintf(out, "✗ %s: %v\n", f.what, f.err)
			continue
		}
		fmt.Fprintf(out, "✓ %s: %s\n", f.what, f.verdict)
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d checks failed", wrong, len(findings))
	}
	return nil
}

func examineEngine(settings standalone.Settings) finding {
	if settings.MongoDB != "" {
		return finding{what: "database", verdict: "MONGODB_URI is set; the local engine is not needed"}
	}
	if _, err := install.Find(); errors.Is(err, install.ErrNotInstalled) {
		return finding{what: "local MongoDB engine", verdict: "not installed yet; the first start fetches it (15 MB)"}
	} else if err != nil {
		return finding{what: "local MongoDB engine", err: err}
	}
	return finding{what: "local MongoDB engine", verdict: "installed; for trials and tests only, set MONGODB_URI for a real company"}
}

func examineFolder(settings standalone.Settings) finding {
	f := finding{what: "data folder " + settings.Data}
	mode, made := standalone.Peek(settings.Data)
	if !made {
		f.verdict = "not made yet; the first start makes it"
		return f
	}
	f.verdict = "of a live company"
	if mode == standalone.Demo {
		f.verdict = "of a demo"
	}
	if info, err := os.Stat(filepath.Join(settings.Data, standalone.OperatorKeyFile)); err != nil {
		f.err = fmt.Errorf("its operator's key cannot be read: %w; run this as the user that runs the server", err)
	} else if info.Mode().Perm()&0o077 != 0 {
		f.err = fmt.Errorf("others can read its operator's key: run chmod 600 %s", filepath.Join(settings.Data, standalone.OperatorKeyFile))
	}
	return f
}

func examineMail(settings standalone.Settings) finding {
	f := finding{what: "e-mail"}
	switch mode, made := standalone.Peek(settings.Data); {
	case made && mode == standalone.Demo:
		f.verdict = "caught and shown by the demo; none leaves this machine"
	case !settings.Mail.Enabled():
		f.verdict = "off, people are told in-app only; set JALON_SMTP_URL and JALON_MAIL_FROM to send"
	default:
		f.verdict = "sent as " + settings.Mail.From
	}
	return f
}

func examineSpace(settings standalone.Settings) finding {
	f := finding{what: "disk space"}
	place := settings.Data
	for {
		if _, err := os.Stat(place); err == nil || place == filepath.Dir(place) {
			break
		}
		place = filepath.Dir(place)
	}
	free, err := standalone.FreeBytes(place)
	if err != nil {
		f.err = err
		return f
	}
	if free < enoughSpace {
		f.err = fmt.Errorf("%d MB are free at %s; make at least 1 GB free, or set JALON_DATA to another disk", free>>20, place)
		return f
	}
	f.verdict = fmt.Sprintf("%d GB free", free>>30)
	return f
}

func examineServer(ctx context.Context, settings standalone.Settings) []finding {
	f := finding{what: "server " + settings.LocalURL()}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, settings.LocalURL()+"/readyz", nil)
	if err != nil {
		f.err = err
		return []finding{f}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		listener, err := service.Listen(ctx, settings.Address)
		if err != nil {
			f.err = err
			return []finding{f}
		}
		_ = listener.Close() // it was only to see
		f.verdict = "not running; its address is free"
		return []finding{f}
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		detail, _ := io.ReadAll(io.LimitReader(response.Body, 2000)) // what could be read is better than nothing
		f.err = fmt.Errorf("runs, but is not ready: %s", detail)
		return []finding{f}
	}
	f.verdict = "running and ready"
	return append([]finding{f}, examineDeadLetters(ctx), examineHolidays(ctx))
}

func examineDeadLetters(ctx context.Context) finding {
	f := finding{what: "events"}
	jalon, err := runningServer()
	if err != nil {
		f.err = err
		return f
	}
	letters, err := jalon.deadLetters(ctx)
	switch {
	case err != nil:
		f.err = err
	case len(letters) > 0:
		f.err = fmt.Errorf("%d could not be handled: see `jalon deadletters list`", len(letters))
	default:
		f.verdict = "all handled"
	}
	return f
}
