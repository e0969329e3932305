using Pipeline.Core.Feeds;

namespace Pipeline.Venues.Binance;

/// <summary>
/// Names of partial books: <c>btcusdt@depth20@100ms</c>. On spot the name alone tells the symbol, on futures it alone tells that the
/// levels are whole.
/// </summary>
internal static class BinanceStreamName
{
    /// <summary>Longest name looked at; a symbol has at most a few dozen bytes.</summary>
    private const int MaxLength = 128;

    private static ReadOnlySpan<byte> Depth => "@depth"u8;

    /// <summary>Whether the name is a partial book's: <c>@depth</c> with a number of levels.</summary>
    public static bool IsPartialBook(ReadOnlySpan<byte> name)
    {
        var at = name.IndexOf(Depth);
        return at >= 0 && at + Depth.Length < name.Length && name[at + Depth.Length] is >= (byte)'0' and <= (byte)'9';
    }

    /// <summary>Number of the symbol in front of the <c>@</c>, or -1. Stream names are lower case, symbols upper.</summary>
    public static int FindSymbol(ReadOnlySpan<byte> name, SymbolTable symbols)
    {
        var end = name.IndexOf((byte)'@');
        if (end is < 0 or > MaxLength)
        {
            return -1;
        }

        // ASCII alone has cases in the venue's symbols; other alphabets seen there have none.
        Span<byte> upper = stackalloc byte[MaxLength];
        for (var i = 0; i < end; i++)
        {
            upper[i] = name[i] is >= (byte)'a' and <= (byte)'z' ? (byte)(name[i] - 32) : name[i];
        }

        return symbols.Find(upper[..end]);
    }
}
