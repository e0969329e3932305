namespace Pipeline.Gateway.Candles;

/// <summary>What the candle service says went wrong. Texts never repeat what the client sent.</summary>
internal sealed record KlineError(string Code, string Message)
{
    public static readonly KlineError Symbol = new(
        "INVALID_SYMBOL", "No instrument of that name: send one such as binance:BTC-USDT, BTC-USDT of the default venue, or a mint address of 32 to 44 base58 characters.");

    public static readonly KlineError AmbiguousSymbol = new(
        "INVALID_SYMBOL", "Several instruments have that name: put the venue before it, such as binance:BTC-USDT.");

    public static readonly KlineError Interval = new(
        "INVALID_INTERVAL", "No such interval: send one of supported_intervals, such as m1, or 1m.");

    public static readonly KlineError Payload = new(
        "INVALID_REQUEST", "Send one object with symbol and interval, both text.");

    public static readonly KlineError SubscriptionId = new(
        "INVALID_REQUEST", "subscription_id is text of 1 to 128 characters, or a whole number.");

    public static readonly KlineError Limit = new(
        "INVALID_REQUEST", "limit is a whole number from 1 to 1000.");

    public static readonly KlineError To = new(
        "INVALID_REQUEST", "to is a whole number of seconds since 1970.");

    public static readonly KlineError Event = new(
        "INVALID_REQUEST", "There is no such event: there are subscribe, unsubscribe and history.");

    public static readonly KlineError Spellings = new(
        "SUBSCRIPTION_LIMIT", "Too many spellings of this candle are in use: write the symbol such as binance:BTC-USDT or BTCUSDT, or unsubscribe from one first.");

    public static readonly KlineError NotSubscribed = new("NOT_SUBSCRIBED", "There is no such subscription.");

    public static readonly KlineError AddressLimit = new(
        "SUBSCRIPTION_LIMIT", "The clients of this address have as many subscriptions as they may: unsubscribe from one first.");

    public static readonly KlineError RateLimited = new("RATE_LIMITED", "Too many messages: wait a second.");

    public static readonly KlineError AddressRateLimited = new("RATE_LIMITED", "Too many messages of this address: wait a second.");

    public static readonly KlineError Internal = new("INTERNAL", "The server cannot answer now: try again.");

    public static readonly KlineError Unauthorized = new("UNAUTHORIZED", "A valid token is needed.");

    public static readonly KlineError Expired = new("UNAUTHORIZED", "The token has ended: connect again with a new one.");

    public static KlineError TooMany(int limit) =>
        new("SUBSCRIPTION_LIMIT", FormattableString.Invariant($"No more than {limit} subscriptions: unsubscribe from one first."));

    public static KlineError Idle(TimeSpan limit) =>
        new("INVALID_REQUEST", FormattableString.Invariant($"No subscription for {limit.TotalSeconds} s: the connection is closed."));

    /// <summary>As it stands on the wire.</summary>
    public byte[] ToJson() =>
        new JsonBuffer(256).Raw("{\"code\":"u8).Text(Code).Raw(",\"message\":"u8).Text(Message).Raw((byte)'}').ToArray();
}
