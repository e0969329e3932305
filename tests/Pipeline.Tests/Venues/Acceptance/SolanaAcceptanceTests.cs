using Pipeline.Simulator.Solana;
using Pipeline.Venues.Solana;

namespace Pipeline.Tests.Venues.Acceptance;

public sealed class SolanaAcceptanceTests : VenueAcceptanceTests
{
    protected override object Describe() => new AcceptanceVenue(new SolanaAdapter())
    {
        Address = host => host.SolanaUri,
        Instruments = [SolanaNames.Mint("BTC-USDT")],
    };
}
