#:project ../../../src/Pipeline.Venues/Pipeline.Venues.csproj
#:property PublishAot=false
// Prints a minute of trades, each once, whatever happens to the connection.  dotnet run WatchTrades.cs [address] [seconds]
using System.Reactive.Linq;
using Pipeline.Core.Client;
using Pipeline.Core.Feeds;
using Pipeline.Venues.Binance;

var endpoint = new Uri(args.ElementAtOrDefault(0) ?? "ws://127.0.0.1:9443");
var duration = TimeSpan.FromSeconds(int.Parse(args.ElementAtOrDefault(1) ?? "60"));
var options = new ExchangeClientOptions { Endpoint = endpoint };
await using var binance = new ExchangeClient(new BinanceSpotAdapter(), options, TimeProvider.System);
binance.Events.OfType<ConnectionLost>().Subscribe(lost => Console.WriteLine($"-- {lost.Connection} lost: {lost.Info.Reason}"));
binance.Events.OfType<ConnectionOpened>().Subscribe(opened => Console.WriteLine($"-- {opened.Connection} open: {opened.Info.Reason}"));

var seen = new HashSet<long>();
var copies = 0;
await binance.WatchTrades("BTC-USDT").TakeUntil(Observable.Timer(duration)).ForEachAsync(trade =>
{
    copies += seen.Add(trade.Id) ? 0 : 1;
    Console.WriteLine($"{trade.Id} {trade.Side} {trade.Quantity} at {trade.Price}{(trade.AfterGap ? " (some before it are missing)" : "")}");
});
Console.WriteLine($"{seen.Count} trades, {copies} duplicates, {binance.Statistics.Reconnections} reconnects");
