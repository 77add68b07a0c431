//! The list of services against the names and argument counts of Wine 10.
use abi::services::{ARGUMENTS_MAX, FREESTANDING, WINE};
use std::collections::BTreeMap;

/// Names and argument counts of table 0 (W appendix A).
#[rustfmt::skip]
const APPENDIX_A: [(&str, usize); 241] = [
    ("NtAcceptConnectPort", 6), ("NtAccessCheck", 8), ("NtAccessCheckAndAuditAlarm", 11),
    ("NtAddAtom", 3), ("NtAdjustGroupsToken", 6), ("NtAdjustPrivilegesToken", 6),
    ("NtAlertResumeThread", 2), ("NtAlertThread", 1), ("NtAlertThreadByThreadId", 1),
    ("NtAllocateLocallyUniqueId", 1), ("NtAllocateReserveObject", 3), ("NtAllocateUuids", 4),
    ("NtAllocateVirtualMemory", 6), ("NtAllocateVirtualMemoryEx", 7),
    ("NtAreMappedFilesTheSame", 2), ("NtAssignProcessToJobObject", 2), ("NtCallbackReturn", 3),
    ("NtCancelIoFile", 2), ("NtCancelIoFileEx", 3), ("NtCancelSynchronousIoFile", 3),
    ("NtCancelTimer", 2), ("NtClearEvent", 1), ("NtClose", 1), ("NtCommitTransaction", 2),
    ("NtCompareObjects", 2), ("NtCompareTokens", 3), ("NtCompleteConnectPort", 1),
    ("NtConnectPort", 8), ("NtContinue", 2), ("NtContinueEx", 2), ("NtCreateDebugObject", 4),
    ("NtCreateDirectoryObject", 3), ("NtCreateEvent", 5), ("NtCreateFile", 11),
    ("NtCreateIoCompletion", 4), ("NtCreateJobObject", 3), ("NtCreateKey", 7),
    ("NtCreateKeyTransacted", 8), ("NtCreateKeyedEvent", 4), ("NtCreateLowBoxToken", 9),
    ("NtCreateMailslotFile", 8), ("NtCreateMutant", 4), ("NtCreateNamedPipeFile", 14),
    ("NtCreatePagingFile", 4), ("NtCreatePort", 5), ("NtCreateSection", 7),
    ("NtCreateSemaphore", 5), ("NtCreateSymbolicLinkObject", 4), ("NtCreateThread", 8),
    ("NtCreateThreadEx", 11), ("NtCreateTimer", 4), ("NtCreateToken", 13),
    ("NtCreateTransaction", 10), ("NtCreateUserProcess", 11), ("NtDebugActiveProcess", 2),
    ("NtDebugContinue", 3), ("NtDelayExecution", 2), ("NtDeleteAtom", 1), ("NtDeleteFile", 1),
    ("NtDeleteKey", 1), ("NtDeleteValueKey", 2), ("NtDeviceIoControlFile", 10),
    ("NtDisplayString", 1), ("NtDuplicateObject", 7), ("NtDuplicateToken", 6),
    ("NtEnumerateKey", 6), ("NtEnumerateValueKey", 6), ("NtFilterToken", 6), ("NtFindAtom", 3),
    ("NtFlushBuffersFile", 2), ("NtFlushBuffersFileEx", 5), ("NtFlushInstructionCache", 3),
    ("NtFlushKey", 1), ("NtFlushProcessWriteBuffers", 0), ("NtFlushVirtualMemory", 4),
    ("NtFreeVirtualMemory", 4), ("NtFsControlFile", 10), ("NtGetContextThread", 2),
    ("NtGetCurrentProcessorNumber", 0), ("NtGetNextThread", 6), ("NtGetNlsSectionPtr", 5),
    ("NtGetWriteWatch", 7), ("NtImpersonateAnonymousToken", 1), ("NtInitializeNlsFiles", 3),
    ("NtInitiatePowerAction", 4), ("NtIsProcessInJob", 2), ("NtListenPort", 2), ("NtLoadDriver", 1),
    ("NtLoadKey", 2), ("NtLoadKey2", 3), ("NtLoadKeyEx", 8), ("NtLockFile", 10),
    ("NtLockVirtualMemory", 4), ("NtMakePermanentObject", 1), ("NtMakeTemporaryObject", 1),
    ("NtMapViewOfSection", 10), ("NtMapViewOfSectionEx", 9), ("NtNotifyChangeDirectoryFile", 9),
    ("NtNotifyChangeKey", 10), ("NtNotifyChangeMultipleKeys", 12), ("NtOpenDirectoryObject", 3),
    ("NtOpenEvent", 3), ("NtOpenFile", 6), ("NtOpenIoCompletion", 3), ("NtOpenJobObject", 3),
    ("NtOpenKey", 3), ("NtOpenKeyEx", 4), ("NtOpenKeyTransacted", 4), ("NtOpenKeyTransactedEx", 5),
    ("NtOpenKeyedEvent", 3), ("NtOpenMutant", 3), ("NtOpenProcess", 4), ("NtOpenProcessToken", 3),
    ("NtOpenProcessTokenEx", 4), ("NtOpenSection", 3), ("NtOpenSemaphore", 3),
    ("NtOpenSymbolicLinkObject", 3), ("NtOpenThread", 4), ("NtOpenThreadToken", 4),
    ("NtOpenThreadTokenEx", 5), ("NtOpenTimer", 3), ("NtPowerInformation", 5),
    ("NtPrivilegeCheck", 3), ("NtProtectVirtualMemory", 5), ("NtPulseEvent", 2),
    ("NtQueryAttributesFile", 2), ("NtQueryDefaultLocale", 2), ("NtQueryDefaultUILanguage", 1),
    ("NtQueryDirectoryFile", 11), ("NtQueryDirectoryObject", 7), ("NtQueryEaFile", 9),
    ("NtQueryEvent", 5), ("NtQueryFullAttributesFile", 2), ("NtQueryInformationAtom", 5),
    ("NtQueryInformationFile", 5), ("NtQueryInformationJobObject", 5),
    ("NtQueryInformationProcess", 5), ("NtQueryInformationThread", 5),
    ("NtQueryInformationToken", 5), ("NtQueryInstallUILanguage", 1), ("NtQueryIoCompletion", 5),
    ("NtQueryKey", 5), ("NtQueryLicenseValue", 5), ("NtQueryMultipleValueKey", 6),
    ("NtQueryMutant", 5), ("NtQueryObject", 5), ("NtQueryPerformanceCounter", 2),
    ("NtQuerySection", 5), ("NtQuerySecurityObject", 5), ("NtQuerySemaphore", 5),
    ("NtQuerySymbolicLinkObject", 3), ("NtQuerySystemEnvironmentValue", 4),
    ("NtQuerySystemEnvironmentValueEx", 5), ("NtQuerySystemInformation", 4),
    ("NtQuerySystemInformationEx", 6), ("NtQuerySystemTime", 1), ("NtQueryTimer", 5),
    ("NtQueryTimerResolution", 3), ("NtQueryValueKey", 6), ("NtQueryVirtualMemory", 6),
    ("NtQueryVolumeInformationFile", 5), ("NtQueueApcThread", 5), ("NtQueueApcThreadEx", 6),
    ("NtRaiseException", 3), ("NtRaiseHardError", 6), ("NtReadFile", 9), ("NtReadFileScatter", 9),
    ("NtReadVirtualMemory", 5), ("NtRegisterThreadTerminatePort", 1), ("NtReleaseKeyedEvent", 4),
    ("NtReleaseMutant", 2), ("NtReleaseSemaphore", 3), ("NtRemoveIoCompletion", 5),
    ("NtRemoveIoCompletionEx", 6), ("NtRemoveProcessDebug", 2), ("NtRenameKey", 2),
    ("NtReplaceKey", 3), ("NtReplyWaitReceivePort", 4), ("NtRequestWaitReplyPort", 3),
    ("NtResetEvent", 2), ("NtResetWriteWatch", 3), ("NtRestoreKey", 3), ("NtResumeProcess", 1),
    ("NtResumeThread", 2), ("NtRollbackTransaction", 2), ("NtSaveKey", 2),
    ("NtSecureConnectPort", 9), ("NtSetContextThread", 2), ("NtSetDebugFilterState", 3),
    ("NtSetDefaultLocale", 2), ("NtSetDefaultUILanguage", 1), ("NtSetEaFile", 4), ("NtSetEvent", 2),
    ("NtSetInformationDebugObject", 5), ("NtSetInformationFile", 5),
    ("NtSetInformationJobObject", 4), ("NtSetInformationKey", 4), ("NtSetInformationObject", 4),
    ("NtSetInformationProcess", 4), ("NtSetInformationThread", 4), ("NtSetInformationToken", 4),
    ("NtSetInformationVirtualMemory", 6), ("NtSetIntervalProfile", 2), ("NtSetIoCompletion", 5),
    ("NtSetIoCompletionEx", 6), ("NtSetLdtEntries", 4), ("NtSetSecurityObject", 3),
    ("NtSetSystemInformation", 3), ("NtSetSystemTime", 2), ("NtSetThreadExecutionState", 2),
    ("NtSetTimer", 7), ("NtSetTimerResolution", 3), ("NtSetValueKey", 6),
    ("NtSetVolumeInformationFile", 5), ("NtShutdownSystem", 1),
    ("NtSignalAndWaitForSingleObject", 4), ("NtSuspendProcess", 1), ("NtSuspendThread", 2),
    ("NtSystemDebugControl", 6), ("NtTerminateJobObject", 2), ("NtTerminateProcess", 2),
    ("NtTerminateThread", 2), ("NtTestAlert", 0), ("NtTraceControl", 6), ("NtUnloadDriver", 1),
    ("NtUnloadKey", 1), ("NtUnlockFile", 5), ("NtUnlockVirtualMemory", 4),
    ("NtUnmapViewOfSection", 2), ("NtUnmapViewOfSectionEx", 3), ("NtWaitForAlertByThreadId", 2),
    ("NtWaitForDebugEvent", 4), ("NtWaitForKeyedEvent", 4), ("NtWaitForMultipleObjects", 5),
    ("NtWaitForSingleObject", 3), ("NtWriteFile", 9), ("NtWriteFileGather", 9),
    ("NtWriteVirtualMemory", 5), ("NtYieldExecution", 0), ("wine_nt_to_unix_file_name", 4),
    ("wine_unix_to_nt_file_name", 3),
];

#[test]
fn every_service_of_wine_is_listed_with_its_arguments() {
    let listed: BTreeMap<&str, usize> = FREESTANDING
        .iter()
        .map(|service| (service.name, service.arguments.len()))
        .chain(
            WINE.iter()
                .map(|(name, arguments)| (*name, arguments.len())),
        )
        .collect();
    assert_eq!(listed, BTreeMap::from(APPENDIX_A));
    assert_eq!(listed.len(), FREESTANDING.len() + WINE.len());
}

#[test]
fn numbers_are_fixed() {
    const FIRST: [&str; 13] = [
        "NtClose",
        "NtWriteFile",
        "NtReadFile",
        "NtTerminateProcess",
        "NtAllocateVirtualMemory",
        "NtFreeVirtualMemory",
        "NtProtectVirtualMemory",
        "NtQueryVirtualMemory",
        "NtYieldExecution",
        "NtDelayExecution",
        "NtQuerySystemTime",
        "NtQueryPerformanceCounter",
        "NtQuerySystemInformation",
    ];
    let names: Vec<&str> = FREESTANDING.iter().map(|service| service.name).collect();
    let (first, later) = names.split_at(FIRST.len());
    assert_eq!(first, FIRST);
    assert!(later.is_sorted());
}

#[test]
fn served_calls_name_a_file_and_a_test_and_others_neither() {
    for service in FREESTANDING {
        assert_eq!(
            service.is_served(),
            !service.file.is_empty(),
            "{}",
            service.name
        );
        assert_eq!(
            service.is_served(),
            !service.tests.is_empty(),
            "{}",
            service.name
        );
    }
}

#[test]
fn arguments_have_names_of_their_own_and_there_are_not_too_many() {
    for service in FREESTANDING {
        let names = service.arguments.iter().map(|argument| argument.name);
        for (position, name) in names.clone().enumerate() {
            let later = names.clone().skip(position + 1);
            assert!(
                later.into_iter().all(|other| other != name),
                "{}: {name}",
                service.name
            );
        }
    }
    let most = FREESTANDING
        .iter()
        .map(|service| service.arguments.len())
        .max();
    assert_eq!(most, Some(ARGUMENTS_MAX));
}
