// Tells the thread sanitizer of the slow path of Synchronization.Mutex on Linux.
//
// The library comes with the toolchain and was built without the sanitizer, so that a contended lock looks like no lock
// at all and every access under it is reported. Preloaded by run-thread-sanitizer.sh; hides nothing but that.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
extern void __tsan_acquire(void *) __attribute__((weak));
extern void __tsan_release(void *) __attribute__((weak));
typedef __attribute__((swiftcall)) void (*LockSlow)(uint32_t, __attribute__((swift_context)) void *);
typedef __attribute__((swiftcall)) void (*UnlockSlow)(__attribute__((swift_context)) void *);
__attribute__((swiftcall)) void lockSlow(uint32_t tid, __attribute__((swift_context)) void *self)
    __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
__attribute__((swiftcall)) void lockSlow(uint32_t tid, __attribute__((swift_context)) void *self) {
    LockSlow real = (LockSlow)dlsym(RTLD_NEXT, "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
    real(tid, self);
    if (__tsan_acquire) __tsan_acquire(self);
}
__attribute__((swiftcall)) void unlockSlow(__attribute__((swift_context)) void *self)
    __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");
__attribute__((swiftcall)) void unlockSlow(__attribute__((swift_context)) void *self) {
    UnlockSlow real = (UnlockSlow)dlsym(RTLD_NEXT, "$s15Synchronization12_MutexHandleV11_unlockSlowyyF");
    if (__tsan_release) __tsan_release(self);
    real(self);
}
