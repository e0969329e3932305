using Pipeline.EndToEndTests.Stack;
using Pipeline.TestKit;

namespace Pipeline.EndToEndTests.Metrics;

/// <summary>Prometheus' own tool on what is shipped.</summary>
public sealed class PromtoolTests
{
    [Theory]
    [InlineData("check config docker/prometheus/prometheus.yml")]
    [InlineData("check rules docker/prometheus/rules/pipeline.yml")]
    [InlineData("test rules docker/prometheus/tests/pipeline.yml")]
    public async Task Promtool_FindsNothing(string arguments)
    {
        await using var tool = PipelineProcess.Start("promtool", arguments.Split(' '), Fixture.RepositoryRoot);

        Assert.True(await tool.WaitForExitAsync() == 0, tool.Output);
        Assert.Contains("SUCCESS", tool.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promtool_FailsOnARuleThatDoesNotFire()
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-promtool-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "rules"));
            Directory.CreateDirectory(Path.Combine(folder, "tests"));
            var shipped = Path.Combine(Fixture.RepositoryRoot, "docker", "prometheus");
            File.Copy(Path.Combine(shipped, "tests", "pipeline.yml"), Path.Combine(folder, "tests", "pipeline.yml"));
            var rules = await File.ReadAllTextAsync(Path.Combine(shipped, "rules", "pipeline.yml"));
            await File.WriteAllTextAsync(Path.Combine(folder, "rules", "pipeline.yml"), rules.Replace("> 5000", "> 50000", StringComparison.Ordinal));
            await using var tool = PipelineProcess.Start("promtool", ["test", "rules", "tests/pipeline.yml"], folder);

            Assert.NotEqual(0, await tool.WaitForExitAsync());
            Assert.Contains("PipelineConsumerLag", tool.Output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
