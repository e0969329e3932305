namespace Pipeline.Core.Feeds.Pooling;

/// <summary>Why a leg has a twin.</summary>
internal enum TwinPurpose
{
    /// <summary>The leg works and is to be replaced.</summary>
    Rotation,

    /// <summary>The leg was busy and is silent. It may be the venue that is silent, and its data may resume.</summary>
    Stall,

    /// <summary>Somebody who knows more says that the leg lacks data; it may have other data all the time.</summary>
    Suspicion,
}
