import { slack } from '../src/services/slack/slack.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonSlackApi extends credential(slack) {}
