namespace Pipeline.Kafka.Native;

/// <summary>The error codes this project acts upon; the library has many more, which it can name itself.</summary>
internal enum ErrorCode
{
    None = 0,
    OutOfOrderSequence = 45,
    Transport = -195,
    AllBrokersDown = -187,
    TimedOut = -185,
    QueueFull = -184,
    PurgedInQueue = -152,
    PurgedInFlight = -151,
    Fatal = -150,
}
