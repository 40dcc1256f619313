"""The network: a narrow residual net of dense 3x3 convolutions.

Dense convolutions (rather than depthwise ones) are used because a CPU runs them close to its peak
speed, both while training and while serving.
"""

import torch
from torch import nn

# Output channels and number of residual blocks of the four stages. Channel counts are multiples of
# 16, the width of one AVX-512 register of float32. Each stage halves height and width.
STAGES = ((48, 1), (96, 1), (160, 2), (256, 1))
STEM_CHANNELS = 32


def conv_bn(channels_in, channels_out, kernel=3, stride=1):
    """A convolution with batch norm: [N, Cin, H, W] -> [N, Cout, H/stride, W/stride].

    The convolution has no bias, since the batch norm has one. The two are folded into a single
    convolution at export.
    """
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(channels_out),
    )


class SqueezeExcite(nn.Module):
    """Scales each channel by a factor in (0, 1) computed from all channels' spatial means.

    [N, C, H, W] -> [N, C, H, W].
    """

    def __init__(self, channels, reduction=4):
        super().__init__()
        self.reduce = nn.Conv2d(channels, channels // reduction, 1)
        self.expand = nn.Conv2d(channels // reduction, channels, 1)

    def forward(self, x):
        mean = x.mean((2, 3), keepdim=True)
        return x * torch.sigmoid(self.expand(torch.relu(self.reduce(mean))))


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions and squeeze-excite, added to a shortcut.

    [N, Cin, H, W] -> [N, Cout, H/stride, W/stride]. Where the shape changes, the shortcut averages
    2x2 neighbours before its 1x1 convolution, so that no pixel is thrown away.
    """

    def __init__(self, channels_in, channels_out, stride):
        super().__init__()
        self.conv1 = conv_bn(channels_in, channels_out, stride=stride)
        self.conv2 = conv_bn(channels_out, channels_out)
        self.excite = SqueezeExcite(channels_out)
        shortcut = [nn.AvgPool2d(2, 2, ceil_mode=True)] if stride == 2 else []
        if channels_in != channels_out:
            shortcut.append(conv_bn(channels_in, channels_out, kernel=1))
        self.shortcut = nn.Sequential(*shortcut)

    def forward(self, x):
        y = torch.relu(self.conv1(x))
        y = self.excite(self.conv2(y))
        return torch.relu(y + self.shortcut(x))


class FlowerNet(nn.Module):
    """Images [N, 3, H, W], normalised -> logits [N, classes]."""

    def __init__(self, classes=5, dropout=0.2):
        super().__init__()
        self.stem = conv_bn(3, STEM_CHANNELS, stride=2)
        blocks, channels_in = [], STEM_CHANNELS
        for channels, count in STAGES:
            for i in range(count):
                blocks.append(ResidualBlock(channels_in, channels, stride=2 if i == 0 else 1))
                channels_in = channels
        self.blocks = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(channels_in, classes)
        self._initialise()

    def _initialise(self):
        """He initialisation; each residual branch starts at zero, so that the net starts shallow."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
            elif isinstance(module, ResidualBlock):
                nn.init.zeros_(module.conv2[1].weight)

    def forward(self, x):
        x = self.blocks(torch.relu(self.stem(x)))
        return self.classifier(self.dropout(x.mean((2, 3))))


def count_parameters(model):
    """Number of trained values in the model."""
    return sum(p.numel() for p in model.parameters())


def count_macs(model, size):
    """Multiply-accumulate operations for one image of size x size pixels (convolutions, linear)."""
    total = 0

    def add(module, _inputs, output):
        nonlocal total
        per_output = module.weight.numel() // module.weight.shape[0]
        total += output.numel() * per_output

    hooks = [
        module.register_forward_hook(add)
        for module in model.modules()
        if isinstance(module, (nn.Conv2d, nn.Linear))
    ]
    training = model.training
    model.eval()
    with torch.no_grad():
        model(torch.zeros(1, 3, size, size))
    model.train(training)
    for hook in hooks:
        hook.remove()
    return total
