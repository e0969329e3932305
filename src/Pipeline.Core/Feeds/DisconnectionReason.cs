namespace Pipeline.Core.Feeds;

/// <summary>Why a connection ended or did not come about.</summary>
public enum DisconnectionReason
{
    /// <summary>The host name could not be resolved.</summary>
    Dns,

    /// <summary>Nobody listens at the address.</summary>
    Refused,

    /// <summary>The network failed before the handshake: unreachable, reset.</summary>
    Network,

    /// <summary>TLS failed: certificate, name, protocol.</summary>
    Tls,

    /// <summary>The venue answered the handshake with something else than 101.</summary>
    Handshake,

    /// <summary>Connecting took longer than allowed.</summary>
    Timeout,

    /// <summary>The venue closed, with a code.</summary>
    ClosedByVenue,

    /// <summary>The open connection broke without a close.</summary>
    Aborted,

    /// <summary>The open connection was silent for too long and did not answer the keep-alive message.</summary>
    Silent,

    /// <summary>The open connection brought no data for too long although it had been busy; its replacement did.</summary>
    Stalled,

    /// <summary>There was no room for its data for too long.</summary>
    Overload,

    /// <summary>A replacement has taken over.</summary>
    Rotated,

    /// <summary>No stream was left on it.</summary>
    Idle,

    /// <summary>The proxy refused or failed.</summary>
    Proxy,

    /// <summary>We closed it to open it again.</summary>
    Requested,

    /// <summary>We stopped.</summary>
    Stopped,
}
