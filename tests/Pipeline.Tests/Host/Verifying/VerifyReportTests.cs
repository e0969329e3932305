using System.Text.Json.Nodes;
using Pipeline.Host;
using Pipeline.Host.Verifying;
using Pipeline.Kafka.Verification;

namespace Pipeline.Tests.Host.Verifying;

public sealed class VerifyReportTests
{
    [Theory]
    [InlineData(0, "proven")]
    [InlineData(0, "proven", FindingKind.StaleEpoch)]
    [InlineData(4, "proven, with announced losses", FindingKind.Abandoned, FindingKind.VenueSilent)]
    [InlineData(3, "cannot prove", FindingKind.Abandoned, FindingKind.DeletedBeforeRead)]
    [InlineData(1, "contradicted", FindingKind.StillOpen, FindingKind.Duplicate, FindingKind.Abandoned)]
    public void Result_IsTheWorstOfTheFindings(int code, string name, params object[] kinds)
    {
        var findings = new FindingLog();
        foreach (var kind in kinds.Cast<FindingKind>())
        {
            findings.Add(new Finding(kind, "md.trades", 3, 17, "binance:BTC-USDT", "trade 5"));
        }

        var report = new VerifyReport(new LogProof(new ProofOptions(), findings), hasLedger: true, 1000, TimeSpan.FromSeconds(2));
        var json = JsonNode.Parse(report.ToJson())!;
        Assert.Equal(code, VerifyResult.ExitCodeOf(findings));
        Assert.Equal((name, code), ((string)json["result"]!, (int)json["exitCode"]!));
        Assert.Equal(kinds.Length, json["findings"]!.AsArray().Count);
        Assert.Contains(report.ToLines(), line => line.StartsWith($"result       {name}: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Findings_BeyondThoseKept_AreCounted()
    {
        var findings = new FindingLog { KeptOfKind = 2 };
        for (var i = 0; i < 5; i++)
        {
            findings.Add(new Finding(FindingKind.OutOfOrder, "md.trades", 3, i, "binance:BTC-USDT", $"trade {i}"));
        }

        var report = new VerifyReport(new LogProof(new ProofOptions(), findings), hasLedger: false, 1000, TimeSpan.FromSeconds(2));
        List<string> lines = [.. report.ToLines()];
        Assert.Equal("wrong        out-of-order md.trades[3]@0 binance:BTC-USDT: trade 0", lines[0]);
        Assert.Contains("wrong        out-of-order: 5 in all", lines);
        Assert.Contains(lines, line => line.Contains("no ledger", StringComparison.Ordinal));
    }
}
