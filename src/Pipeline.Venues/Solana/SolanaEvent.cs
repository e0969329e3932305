using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Solana;

/// <summary>The members of an event as found.</summary>
internal ref struct SolanaEvent
{
    /// <summary>A signature has 88 characters at most; anything much longer is none.</summary>
    public const int LongestSignature = 128;

    public bool HasName;
    public ProgramEvent? Name;
    public ReadOnlySpan<byte> Mint;
    public ReadOnlySpan<byte> Signature;
    public Number? Price;
    public long? Time;
    public long? Slot;
    public long? Index;

    public void SetName(scoped ReadOnlySpan<byte> text)
    {
        HasName = true;
        Name = text.SequenceEqual("BuySellEvent"u8) ? ProgramEvent.BuySellEvent
            : text.SequenceEqual("LongShortEvent"u8) ? ProgramEvent.LongShortEvent
            : text.SequenceEqual("FullCloseEvent"u8) ? ProgramEvent.FullCloseEvent
            : text.SequenceEqual("PartialCloseEvent"u8) ? ProgramEvent.PartialCloseEvent
            : null;
    }

    /// <summary>
    /// Appends the tick and returns null, or appends nothing and returns the reason. A mint that is not asked for, and cannot be added
    /// to the table, is counted as unwanted.
    /// </summary>
    public readonly string? AddTo(VenueBatch into, SymbolTable symbols)
    {
        if (Name is not { } name)
        {
            return DeadLetterReason.UnknownEvent;
        }

        if (Mint.IsEmpty || Signature.IsEmpty || Price is not { } price || Time is not { } time || Slot is not { } slot || Index is not { } index)
        {
            return DeadLetterReason.WrongShape;
        }

        if (!SolanaMint.IsValid(Mint) || Signature.Length > LongestSignature || !price.IsPositive || !UnixMilliseconds.IsPossible(time)
            || slot < 0 || index is < 0 or > int.MaxValue)
        {
            return DeadLetterReason.ImpossibleValue;
        }

        var symbol = symbols.FindOrDiscover(Mint);
        if (symbol < 0)
        {
            into.Unwanted++;
            return null;
        }

        var signatureAt = into.Bytes.Count;
        into.Bytes.AddRange(Signature);
        into.Add(new VenuePriceTick(symbol, name, price, slot, (int)index, signatureAt, Signature.Length, time));
        return null;
    }
}
