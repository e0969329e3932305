using System.Text.Json.Nodes;

namespace Pipeline.EndToEndTests.Stack;

/// <summary><c>pipeline verify</c>, which reads along while the stack runs: the embedded broker forgets what lies 5 MiB back.</summary>
internal sealed class Proof
{
    private readonly LocalStack _stack;
    private readonly PipelineProcess _verify;

    private Proof(LocalStack stack, PipelineProcess verify) => (_stack, _verify) = (stack, verify);

    /// <param name="more">Options besides, such as <c>--against</c>.</param>
    public static Proof Begin(LocalStack stack, string more) => new(
        stack,
        stack.StartShell($"exec {PipelineProcess.Executable} verify --topology {stack.TopologyPath} --follow --json {more} 2>verify.log"));

    /// <summary>To be called when nothing has been written for a while: what it has read by then is proven, or not.</summary>
    public async Task<JsonNode> EndAsync()
    {
        _verify.Signal(PipelineProcess.SigInt);
        await _verify.WaitForExitAsync();
        var log = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(_stack.TopologyPath))!, "verify.log");
        Assert.True(_verify.Output.StartsWith('{'), $"{_verify.ExitCode} {_verify.Output} {await File.ReadAllTextAsync(log)}");
        return JsonNode.Parse(_verify.Output)!;
    }

    /// <summary>How often something of a kind was found.</summary>
    public static long CountOf(JsonNode proof, string kind) => (long?)proof["kinds"]![kind] ?? 0;
}
