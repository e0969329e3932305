using Pipeline.Host.Status;

namespace Pipeline.Host.Supervision;

/// <summary>
/// Runs children in the order of the flow: started from its end, each when the one before lives; stopped from its front.
/// </summary>
internal sealed class Supervisor : IDisposable
{
    private readonly Child[] _children;
    private readonly Action<string, StatusTone> _note;

    /// <param name="specs">In starting order: what others need comes first.</param>
    public Supervisor(IEnumerable<ChildSpec> specs, SupervisorOptions options, Action<string, StatusTone> note, TimeProvider time)
    {
        Directory.CreateDirectory(options.LogFolder);
        _note = note;
        _children = [.. specs.Select(spec => new Child(spec, options, note, time))];
    }

    public IReadOnlyList<Child> Children => _children;

    /// <summary>Calls <paramref name="action"/> whenever a child's state or its reason changes, from any thread.</summary>
    public void OnChange(Action action)
    {
        foreach (var child in _children)
        {
            child.Changed = action;
        }
    }

    /// <summary>Starts all. Null when all live; otherwise everything that is wrong, and then none runs.</summary>
    public async Task<string?> StartAsync(CancellationToken cancellation)
    {
        var taken = _children
            .SelectMany(child => child.Spec.Ports.Select(port => PortCheck.Find(child.Spec.Name, port)))
            .Where(trouble => trouble is not null)
            .ToList();
        if (taken.Count > 0)
        {
            return string.Join(Environment.NewLine, taken);
        }

        try
        {
            foreach (var child in _children)
            {
                _note($"starting {child.Spec.Name}", StatusTone.Plain);
                if (await child.StartAsync(cancellation) is { } why)
                {
                    var words = child.LastWords;
                    await StopAsync();
                    return why + words;
                }
            }
        }
        catch
        {
            await StopAsync();
            throw;
        }

        return null;
    }

    /// <summary>
    /// Keeps all running until cancelled, which is its normal end. Fails when one child can no longer be kept: the others are not
    /// kept without it.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var keepers = _children.ToDictionary(child => child.KeepAsync(stop.Token), child => child.Spec.Name);
        var first = await Task.WhenAny(keepers.Keys);
        await stop.CancelAsync();
        if (first.Exception?.InnerException is { } fault)
        {
            _note($"{keepers[first]} can no longer be looked after: {fault.Message}", StatusTone.Bad);
        }

        try
        {
            await Task.WhenAll(keepers.Keys);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopping is the caller's next step.
        }
    }

    /// <summary>Stops all, those first that take from the others. False when one had to be killed.</summary>
    public async Task<bool> StopAsync()
    {
        var isClean = true;
        foreach (var child in _children.Reverse().Where(child => child.Pid is not null))
        {
            _note($"stopping {child.Spec.Name}", StatusTone.Plain);
            if (!await child.StopAsync())
            {
                _note($"{child.Spec.Name} did not end within {child.Spec.StopTimeout.TotalSeconds:0} s and was killed", StatusTone.Bad);
                isClean = false;
            }
        }

        return isClean;
    }

    public void Dispose()
    {
        foreach (var child in _children)
        {
            child.Dispose();
        }
    }
}
