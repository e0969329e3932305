namespace Pipeline.Kafka.Native;

/// <summary>The error codes this project acts upon; the library has many more, which it can name itself.</summary>
internal enum ErrorCode
{
    None = 0,
    UnknownTopic = 3,
    MessageTooLarge = 10,
    RecordListTooLarge = 18,
    NotEnoughReplicas = 19,
    TopicDenied = 29,
    ClusterDenied = 31,
    TimestampInvalid = 32,
    PolicyViolation = 44,
    OutOfOrderSequence = 45,
    SaslAuthentication = 58,
    InvalidRecord = 87,
    Resolve = -193,
    NoSuchPartition = -190,
    NoSuchTopic = -188,
    Transport = -195,
    AllBrokersDown = -187,
    TimedOut = -185,
    QueueFull = -184,
    Ssl = -181,
    Authentication = -169,
    PurgedInQueue = -152,
    PurgedInFlight = -151,
    Fatal = -150,
    GaplessGuarantee = -148,
}
