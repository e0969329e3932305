using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Solana;

/// <summary>
/// Reads events with their members in the usual order. False means only "not as predicted": nothing was added, and the order-free
/// reader must look.
/// </summary>
internal static class SolanaPredictiveReader
{
    public static bool TryRead(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into)
    {
        var scan = new FrameScanner(frame);
        var found = default(SolanaEvent);
        scan.Literal("{\"event\":\""u8);
        found.SetName(scan.Text());
        scan.Literal(",\"mint\":\""u8);
        found.Mint = scan.Text();
        scan.Literal(",\"price\":\""u8);

        // Not the scanner's own decimal: prices of tokens have more decimals than it takes.
        found.Price = Number.TryParse(scan.Text(), out var price) ? price : null;
        scan.Literal(",\"time\":"u8);
        found.Time = scan.Integer();
        scan.Literal(",\"slot\":"u8);
        found.Slot = scan.Integer();
        scan.Literal(",\"signature\":\""u8);
        found.Signature = scan.Text(SolanaEvent.LongestSignature);
        scan.Literal(",\"index\":"u8);
        found.Index = scan.Integer();
        scan.Literal("}"u8);
        return scan.End && found.AddTo(into, symbols) is null;
    }
}
