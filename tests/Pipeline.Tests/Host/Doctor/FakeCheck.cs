using Pipeline.Host.Doctor;

namespace Pipeline.Tests.Host.Doctor;

/// <summary>A check that a test decides about.</summary>
internal sealed class FakeCheck(string name, Func<CancellationToken, Task<Finding>> look, params ICheck[] needs) : ICheck
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FakeCheck(string name, Finding finding, params ICheck[] needs)
        : this(name, _ => Task.FromResult(finding), needs)
    {
    }

    public string Name => name;

    public IReadOnlyList<ICheck> Needs => needs;

    public string OverdueAdvice => "be quicker";

    public int Runs { get; private set; }

    /// <summary>Completes when it is run for the first time.</summary>
    public Task Begun => _begun.Task;

    public Task<Finding> RunAsync(CancellationToken cancellation)
    {
        Runs++;
        _begun.TrySetResult();
        return look(cancellation);
    }
}
