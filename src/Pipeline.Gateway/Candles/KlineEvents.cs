namespace Pipeline.Gateway.Candles;

/// <summary>Names of the events of the candle service.</summary>
internal static class KlineEvents
{
    public const string Connected = "connection_success";
    public const string Subscribe = "subscribe";
    public const string Subscribed = "subscription_confirmed";
    public const string Unsubscribe = "unsubscribe";
    public const string Unsubscribed = "unsubscription_confirmed";
    public const string History = "history";
    public const string HistoryData = "history_data";
    public const string Data = "kline_data";
    public const string Error = "error";
}
