using Microsoft.Extensions.Hosting;

namespace Pipeline.Simulator;

/// <summary>Keeps the web servers from handling signals: the program that hosts the simulator does.</summary>
internal sealed class SilentLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
