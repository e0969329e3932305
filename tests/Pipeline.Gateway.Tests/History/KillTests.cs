using System.Diagnostics;
using System.Globalization;
using Pipeline.History;
using static Pipeline.Gateway.Tests.History.SampleCandles;

namespace Pipeline.Gateway.Tests.History;

public sealed class KillTests : IDisposable
{
    private const int Kills = 20;

    private readonly HistoryFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Store_KilledDuringWrites20Times_HasExactlyWhatItSaysItHas()
    {
        var random = new Random(20_260_105);
        for (var kill = 0; kill < Kills; kill++)
        {
            var told = await WriteUntilKilledAsync(batches: random.Next(1, 40));
            using var store = _file.Open();
            var next = store.Position.NextOf(0);
            Assert.True(next >= told, $"the writer said {told} was durable, and the file has {next}");
            AssertHoldsExactly(store, next);
        }
    }

    private static void AssertHoldsExactly(CandleStore store, long next)
    {
        var expected = new Dictionary<(int Series, int Index), int>();
        for (var offset = 0L; offset < next; offset++)
        {
            var (series, index, revision) = KilledWriter.RecordAt(offset);
            expected[(series, index)] = Math.Max(revision, expected.GetValueOrDefault((series, index)));
        }

        for (var number = 0; number < KilledWriter.SeriesCount; number++)
        {
            var series = Series(number);
            var wanted = expected.Where(one => one.Key.Series == number).OrderBy(one => one.Key.Index)
                .Select(one => Candle(series, one.Key.Index, one.Value)).ToList();
            var page = store.Read(new CandleQuery(series) { Limit = CandleQuery.MaxLimit });
            Assert.Equal(wanted.Take(CandleQuery.MaxLimit), page.Candles);
            Assert.Equal(wanted.Count, page.Total);
        }
    }

    /// <summary>The last offset that the process said was durable before it was killed, somewhere within what came next.</summary>
    private async Task<long> WriteUntilKilledAsync(int batches)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "exec", typeof(KillTests).Assembly.Location, "write-candles", _file.Path },
            RedirectStandardOutput = true,
        })!;
        try
        {
            for (var i = 1; i < batches; i++)
            {
                Assert.NotNull(await process.StandardOutput.ReadLineAsync());
            }

            var last = await process.StandardOutput.ReadLineAsync();
            process.Kill();
            await process.WaitForExitAsync();
            Assert.Equal(128 + 9, process.ExitCode);

            // What it still wrote while it was being killed counts too.
            var rest = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return long.Parse(rest.Length > 1 ? rest[^2] : last!, CultureInfo.InvariantCulture);
        }
        finally
        {
            process.Kill();
        }
    }
}
