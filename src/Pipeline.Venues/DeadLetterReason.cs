namespace Pipeline.Venues;

/// <summary>Why a frame was not understood; the codes appear in <c>md.deadletter</c> and in metrics.</summary>
internal static class DeadLetterReason
{
    /// <summary>Not JSON, or not an object, or not UTF-8.</summary>
    public const string Malformed = "malformed";

    /// <summary>JSON, but of no event we know.</summary>
    public const string UnknownEvent = "unknown-event";

    /// <summary>A known event with a field missing or of the wrong type.</summary>
    public const string WrongShape = "wrong-shape";

    /// <summary>A known event with a value that cannot be: a price of zero, an id below zero.</summary>
    public const string ImpossibleValue = "impossible-value";

    /// <summary>A symbol that was never subscribed to.</summary>
    public const string UnknownSymbol = "unknown-symbol";

    /// <summary>Larger than the connection keeps.</summary>
    public const string TooLarge = "too-large";
}
