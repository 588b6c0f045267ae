package config

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type settings struct {
	Addr     string        `env:"JALON_ADDR" envDefault:":8080"`
	Key      string        `env:"JALON_SERVICE_KEY,required,notEmpty"`
	Replicas int           `env:"NATS_REPLICAS" envDefault:"1"`
	Wait     time.Duration `env:"JALON_STOP_TIMEOUT" envDefault:"25s"`
	Inner    struct {
		Level int `env:"JALON_LEVEL"`
	}
}

func (s *settings) Validate() error {
	var errs []error
	if s.Replicas == 2 {
		errs = append(errs, errors.New("NATS_REPLICAS: two replicas cannot outvote each other"))
	}
	if s.Wait < 0 {
		errs = append(errs, errors.New("JALON_STOP_TIMEOUT: must be positive"))
	}
	return errors.Join(errs...)
}

type strict struct {
	Key string `env:"JALON_SERVICE_KEY,required"`
}

func (s *strict) Validate() error {
	if len(s.Key) < 32 {
		return errors.New("JALON_SERVICE_KEY: is too short")
	}
	return nil
}

func secretFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func TestDefaultsStandWhereNothingIsSet(t *testing.T) {
	cfg, err := Load[settings]([]string{"JALON_SERVICE_KEY=secret", "UNRELATED=1"})
	require.NoError(t, err)
	require.Equal(t, settings{Addr: ":8080", Key: "secret", Replicas: 1, Wait: 25 * time.Second}, cfg)
}

func TestAllThatIsWrongIsToldAtOnceByTheVariablesNames(t *testing.T) {
	_, err := Load[settings]([]string{"NATS_REPLICAS=many", "JALON_STOP_TIMEOUT=soon", "JALON_LEVEL=high"})
	var all *Error
	require.ErrorAs(t, err, &all)
	require.Len(t, all.Problems, 4)
	for _, variable := range []string{"JALON_SERVICE_KEY is not set", "NATS_REPLICAS:", "JALON_STOP_TIMEOUT:", "JALON_LEVEL:"} {
		require.ErrorContains(t, err, "\n  - "+variable)
	}
}

func TestTheConfigurationsOwnRulesAreToldAtOnceToo(t *testing.T) {
	_, err := Load[settings]([]string{"NATS_REPLICAS=2", "JALON_STOP_TIMEOUT=-1s"})
	var all *Error
	require.ErrorAs(t, err, &all)
	require.Len(t, all.Problems, 3, "the missing key and both rules")
}

func TestAVariableThatHasAProblemIsToldOnce(t *testing.T) {
	_, err := Load[strict](nil)
	var all *Error
	require.ErrorAs(t, err, &all)
	require.Len(t, all.Problems, 1)
	require.ErrorContains(t, err, "JALON_SERVICE_KEY is not set")
}

func TestAnyVariableMayComeFromAFile(t *testing.T) {
	cfg, err := Load[settings]([]string{"JALON_SERVICE_KEY_FILE=" + secretFile(t, "from a file\n")})
	require.NoError(t, err)
	require.Equal(t, "from a file", cfg.Key, "without the file's last line feed")
}

func TestAVariableAndItsFileExcludeEachOther(t *testing.T) {
	_, err := Load[settings]([]string{"JALON_SERVICE_KEY=secret", "JALON_SERVICE_KEY_FILE=" + secretFile(t, "other")})
	require.ErrorContains(t, err, "JALON_SERVICE_KEY and JALON_SERVICE_KEY_FILE are both set")
}

func TestAFileThatCannotBeReadIsOneProblemNotTwo(t *testing.T) {
	_, err := Load[settings]([]string{"JALON_SERVICE_KEY_FILE=" + filepath.Join(t.TempDir(), "missing")})
	var all *Error
	require.ErrorAs(t, err, &all)
	require.Len(t, all.Problems, 1)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestWhatIsSetToNothingIsNotSet(t *testing.T) {
	cfg, err := Load[settings]([]string{"JALON_SERVICE_KEY=k", "JALON_ADDR=", "NATS_REPLICAS="})
	require.NoError(t, err)
	require.Equal(t, ":8080", cfg.Addr)
	require.Equal(t, 1, cfg.Replicas)
}

func TestAnEmptySecretIsNoSecret(t *testing.T) {
	_, err := Load[settings]([]string{"JALON_SERVICE_KEY="})
	require.ErrorContains(t, err, "JALON_SERVICE_KEY is empty")
}
