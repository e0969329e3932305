using Pipeline.Core.Market;

namespace Pipeline.Venues.Okx;

/// <summary>What a frame says about its rows, found in whatever order.</summary>
internal struct OkxHead
{
    public OkxChannel Channel;
    public CandleInterval? Interval;

    /// <summary>Symbol of the instrument subscribed to; -1 when it is not known, or none is named.</summary>
    public int Symbol;
    public bool HasSymbol;
    public bool HasArg;
    public bool IsControl;

    /// <summary>Null where the frame names no action, or another than the two of books.</summary>
    public BookUpdateKind? Action;

    public static OkxHead None => new() { Symbol = -1 };

    /// <summary>Whether rows can be read already: those of a book wait for the action.</summary>
    public readonly bool IsEnough => HasArg && (Channel != OkxChannel.Book || Action is not null);
}
