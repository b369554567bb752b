import { slack } from '../src/channels/slack';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonSlackApi extends credential(slack) {}
