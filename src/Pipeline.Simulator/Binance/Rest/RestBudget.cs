using System.Net;
using Pipeline.Core.Market;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance.Rest;

/// <summary>
/// Counts request weight per address in fixed minutes of the clock. Who goes on after being refused is banned: for two minutes,
/// and each time twice as long, up to three days.
/// </summary>
internal sealed class RestBudget(TimeProvider clock, int limit)
{
    /// <summary>Requests refused within a minute that are still forgiven.</summary>
    public const int RefusalsBeforeBan = 10;

    private const long Minute = 60 * UnixTime.Second;
    private const long ShortestBan = 2 * Minute;
    private const long LongestBan = 3 * 24 * 60 * Minute;

    // More addresses than ever reach an offline exchange; beyond it the table starts afresh rather than grow.
    private const int MostAddresses = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Account> _accounts = [];

    /// <summary>Weight a minute; may be changed while requests come.</summary>
    public int Limit { get; set; } = limit;

    /// <summary>Charges a request, granted or not.</summary>
    public RestCharge Charge(IPAddress address, int weight)
    {
        lock (_gate)
        {
            var now = MarketTime.Now(clock);
            var account = Find(address);
            if (now < account.BannedUntil)
            {
                return new RestCharge(account.Used, RestVerdict.Banned, account.BannedUntil - now, account.BannedUntil);
            }

            if (now / Minute != account.Minute)
            {
                (account.Minute, account.Used, account.Refused) = (now / Minute, 0, 0);
            }

            account.Used += weight;
            if (account.Used <= Limit)
            {
                return new RestCharge(account.Used, RestVerdict.Granted, 0, 0);
            }

            if (++account.Refused <= RefusalsBeforeBan)
            {
                return new RestCharge(account.Used, RestVerdict.Refused, ((account.Minute + 1) * Minute) - now, 0);
            }

            account.LastBan = Math.Clamp(2 * account.LastBan, ShortestBan, LongestBan);
            account.BannedUntil = now + account.LastBan;
            return new RestCharge(account.Used, RestVerdict.Banned, account.LastBan, account.BannedUntil);
        }
    }

    private Account Find(IPAddress address)
    {
        if (!_accounts.TryGetValue(address, out var account))
        {
            if (_accounts.Count >= MostAddresses)
            {
                _accounts.Clear();
            }

            _accounts[address] = account = new Account();
        }

        return account;
    }

    private sealed class Account
    {
        public long Minute { get; set; }

        public int Used { get; set; }

        public int Refused { get; set; }

        public long LastBan { get; set; }

        public long BannedUntil { get; set; }
    }
}
