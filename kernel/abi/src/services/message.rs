//! Services of message ports and transactions.

/// Adds them to the list; see [`freestanding_services`](crate::freestanding_services).
#[doc(hidden)]
#[macro_export]
macro_rules! message_services {
    ($callback:ident $later:tt $($before:tt)*) => {
        $crate::next_services! { $callback $later $($before)*
            13 NtAcceptConnectPort nt_accept_connect_port(
                port: HandleOut, context: Value64, message: In, accept: Value8,
                server_view: InOutOptional, client_view: InOutOptional)
                (None) "" [];
            34 NtCommitTransaction nt_commit_transaction(transaction: Handle, wait: Value8)
                (None) "" [];
            37 NtCompleteConnectPort nt_complete_connect_port(port: Handle)
                (None) "" [];
            38 NtConnectPort nt_connect_port(
                port: HandleOut, name: Text, quality: In, client_view: InOutOptional,
                server_view: InOutOptional, message_length_max: OutOptional,
                information: InOutOptional, information_length: InOutOptional)
                (None) "" [];
            55 NtCreatePort nt_create_port(
                port: HandleOut, attributes: ObjectAttributesOptional,
                information_length_max: Value32, message_length_max: Value32,
                pool_usage_max: Value32)
                (None) "" [];
            63 NtCreateTransaction nt_create_transaction(
                transaction: HandleOut, access: Access, attributes: ObjectAttributesOptional,
                unit_of_work: InOptional, manager: Handle, options: Value32,
                isolation_level: Value32, isolation_flags: Value32, timeout: IntervalOptional,
                description: TextOptional)
                (None) "" [];
            95 NtListenPort nt_listen_port(port: Handle, message: Out)
                (None) "" [];
            180 NtReplyWaitReceivePort nt_reply_wait_receive_port(
                port: Handle, context: OutOptional, reply: InOptional, message: Out)
                (None) "" [];
            181 NtRequestWaitReplyPort nt_request_wait_reply_port(
                port: Handle, message: In, reply: Out)
                (None) "" [];
            187 NtRollbackTransaction nt_rollback_transaction(transaction: Handle, wait: Value8)
                (None) "" [];
            189 NtSecureConnectPort nt_secure_connect_port(
                port: HandleOut, name: Text, quality: In, client_view: InOutOptional,
                server: InOptional, server_view: InOutOptional, message_length_max: OutOptional,
                information: InOutOptional, information_length: InOutOptional)
                (None) "" [];
        }
    };
}
