package mongolocal

import "github.com/ebitengine/purego"

func onMainThread() bool {
	isMain, err := purego.Dlsym(purego.RTLD_DEFAULT, "pthread_main_np")
	if err != nil {
		return false
	}
	answer, _, _ := purego.SyscallN(isMain)
	return int32(answer) == 1
}
