using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Subscriptions;
using Pipeline.TestKit.Feeds;

namespace Pipeline.Tests.Feeds.Subscriptions;

public sealed class RequestCutterTests
{
    private readonly TestVenueAdapter _adapter = new();
    private readonly RequestCutter _cutter;

    public RequestCutterTests() => _cutter = new RequestCutter(_adapter);

    [Fact]
    public void Cut_OfShortNames_FillsRequestsToTheMostNames()
    {
        var requests = Subscribe(Enumerable.Range(0, 500).Select(i => $"s{i}"));

        Assert.Equal([200, 200, 100], requests.Select(request => request.Streams.Count));
        Assert.Equal([1, 2, 3], requests.Select(request => request.Id));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"s{i}"), requests.SelectMany(request => request.Streams));
    }

    [Theory]
    [InlineData("symbol{0}usdt@aggTrade")]
    [InlineData("币安人生{0}@trade")]
    [InlineData("\"quoted\\{0}")]
    public void Cut_OfLongNames_StaysBelowTheSizeAndCouldNotTakeOneMore(string pattern)
    {
        var names = Enumerable.Range(0, 1000).Select(i => pattern.Replace("{0}", $"{i}", StringComparison.Ordinal)).ToList();

        var requests = Subscribe(names);

        Assert.Equal(names, requests.SelectMany(request => request.Streams));
        Assert.All(requests, request => Assert.InRange(request.Payload.Length, 1, _adapter.Limits.MaxRequestBytes - 1));
        Assert.All(requests.Zip(requests.Skip(1)), pair => Assert.True(
            pair.First.Streams.Count == 200
            || SizeOf(pair.First.Id, [.. pair.First.Streams, pair.Second.Streams[0]]) >= 4000));
    }

    [Fact]
    public void Fits_OfANameThatIsTooLong_IsFalse_AndItCannotBeCut()
    {
        var giant = new string('x', 5000);

        Assert.False(_cutter.Fits(giant));
        Assert.True(_cutter.Fits("a"));
        Assert.Throws<ArgumentException>(() => _cutter.Cut(SubscriptionAction.Subscribe, [giant]));
    }

    [Fact]
    public void Payload_IsTheEncodedRequest()
    {
        var request = Assert.Single(Subscribe(["a", "b"]));

        Assert.Equal(_adapter.EncodeRequest(SubscriptionAction.Subscribe, 1, ["a", "b"]), request.Payload.ToArray());
    }

    private int SizeOf(long id, List<string> names) => _adapter.EncodeRequest(SubscriptionAction.Subscribe, id, names).Length;

    private List<SubscriptionRequest> Subscribe(IEnumerable<string> names)
    {
        var requests = new List<SubscriptionRequest>();
        for (var rest = names.ToList(); rest.Count > 0; rest.RemoveRange(0, requests[^1].Streams.Count))
        {
            requests.Add(_cutter.Cut(SubscriptionAction.Subscribe, rest));
        }

        return requests;
    }
}
