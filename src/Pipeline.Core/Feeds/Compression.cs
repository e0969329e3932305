namespace Pipeline.Core.Feeds;

/// <summary>What became of compression on one socket.</summary>
public enum Compression
{
    NotOffered,

    /// <summary>Offered, and the venue declined: everything comes as it is.</summary>
    Declined,

    /// <summary>permessage-deflate, RFC 7692.</summary>
    Negotiated,
}
