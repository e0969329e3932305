namespace Pipeline.Core.Feeds.Pooling;

/// <summary>Why a connection is replaced while it works.</summary>
public enum RotationCause
{
    /// <summary>It is old, and the venue ends connections at some age.</summary>
    Age,

    /// <summary>The venue said that it will close it.</summary>
    Announced,

    /// <summary>The operator wants it.</summary>
    Requested,
}
