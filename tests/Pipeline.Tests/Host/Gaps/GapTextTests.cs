using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Core.Market;
using Pipeline.Host.Gaps;
using Pipeline.Kafka.Reader;

namespace Pipeline.Tests.Host.Gaps;

public sealed class GapTextTests
{
    private const long Opened = 1_794_900_000_000_000;

    [Fact]
    public void Board_HoldsTheNewestRecordOfEachGapAndCountsWhatIsNone()
    {
        var board = new GapBoard();
        board.Add(Record(50, 59, "open", "[50,59]"));
        board.Add(Record(10, 12, "open", "[10,12]"));
        board.Add(Record(50, 59, "repaired", "", later: 2_500_000));
        board.Add(Record(1, 2, "nonsense", ""));
        Assert.Equal(1, board.Bad);
        Assert.Equal([(50L, "repaired"), (10L, "open")], board.Rows.Select(row => (row.FromId, GapStateNames.Of(row.State))));
    }

    [Fact]
    public void Cells_SayWhatIsMissingAndHowLongItTook()
    {
        var board = new GapBoard();
        var open = board.Add(Record(10, 12, "open", "[11,12]"))!;
        Assert.Equal(
            ["binance:BTC-USDT", "open", "10…12", "2 of 3", "stream", "2026-11-17 07:20:00.000Z", "1.5 min", ""],
            GapText.CellsOf(open, Opened + 90_000_000));
        var repaired = board.Add(Record(10, 12, "repaired", "", later: 2_500_000))!;
        Assert.Equal(["", "stream", "2.5 s"], GapText.CellsOf(repaired, Opened)[3..5].Append(GapText.CellsOf(repaired, Opened)[7]));
        var json = JsonNode.Parse(GapText.JsonOf(repaired, Opened + 90_000_000))!;
        Assert.Equal(("repaired", 90.0, 2.5), ((string)json["state"]!, (double)json["ageSeconds"]!, (double)json["tookSeconds"]!));
    }

    private static KafkaRecord Record(long from, long to, string state, string missing, long later = 0)
    {
        var json = $$"""{"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","fromId":{{from}},"toId":{{to}},"state":"{{state}}","reason":"stream","missing":[{{missing}}],"series":0,"fromTime":0,"toTime":0,"openedTime":{{Opened}},"updatedTime":{{Opened + later}},"announced":true,"tradesOffset":5}""";
        return new KafkaRecord("md.gaps", 0, 0, 0, Encoding.UTF8.GetBytes($"binance:BTC-USDT:{from}"), Encoding.UTF8.GetBytes(json), []);
    }
}
