import { dingtalk } from '../src/services/dingtalk/dingtalk.channel';
import { feishuApp } from '../src/services/feishu/feishuApp.channel';
import { feishuRobot } from '../src/services/feishu/feishuRobot.channel';
import { slack } from '../src/services/slack/slack.channel';
import { slackWebhook } from '../src/services/slack/slackWebhook.channel';
import { wecomApp } from '../src/services/wecom/wecomApp.channel';
import { wecomRobot } from '../src/services/wecom/wecomRobot.channel';
import { dingtalkTrigger } from '../src/services/dingtalk/dingtalk.trigger';
import { feishuAppTrigger } from '../src/services/feishu/feishuApp.trigger';
import { slackTrigger } from '../src/services/slack/slack.trigger';
import { wecomAppTrigger } from '../src/services/wecom/wecomApp.trigger';
import { channelSet } from '../src/hosts/node-red/channel-node';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = {
	dingtalk: channelSet(dingtalk),
	feishuApp: channelSet(feishuApp),
	feishuRobot: channelSet(feishuRobot),
	slack: channelSet(slack),
	slackWebhook: channelSet(slackWebhook),
	wecomApp: channelSet(wecomApp),
	wecomRobot: channelSet(wecomRobot),
	dingtalkTrigger: triggerSet(dingtalkTrigger),
	feishuAppTrigger: triggerSet(feishuAppTrigger),
	slackTrigger: triggerSet(slackTrigger),
	wecomAppTrigger: triggerSet(wecomAppTrigger),
};
