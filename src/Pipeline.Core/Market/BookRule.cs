namespace Pipeline.Core.Market;

/// <summary>How the updates of a venue's book hang together, and where its snapshot comes from.</summary>
public enum BookRule : byte
{
    /// <summary>Updates cover ids <c>First</c> to <c>Last</c>, the next begins right behind; snapshot by REST. Binance spot.</summary>
    Range,

    /// <summary>
    /// Each update names the <c>Last</c> of the one before it; the first after a REST snapshot with id L has First ≤ L ≤ Last, or
    /// names L as its previous. Binance futures.
    /// </summary>
    Previous,

    /// <summary>
    /// As <see cref="Previous"/>, but the stream itself begins with a snapshot, keeps alive with equal ids and may begin to count
    /// anew. OKX.
    /// </summary>
    Chain,

    /// <summary>The stream begins with a snapshot and may send another at any time; updates rise without a rule for gaps. Bybit.</summary>
    Resend,
}
